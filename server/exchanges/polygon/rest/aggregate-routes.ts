import { z } from 'zod';
import type { Channel } from '../../../../market/event.ts';
import { milli } from '../../../../market/nanos.ts';
import { parameter, type RestRequest } from '../../exchange.ts';
import { aggregatePage } from './aggregate-page.ts';
import { aggregateRows } from './aggregate-rows.ts';
import { type Json, listed, type Tell, type Told, wrong } from './answers.ts';
import { baseBars, baseOf } from './base-bars.ts';
import { cursorOf, nextUrl } from './cursor.ts';
import type { Entitlement } from './entitlement.ts';
import { choice, edge, firstOf, flag, lastOf, limit, read } from './parameters.ts';
import { marketOf, tickersOf } from './tickers.ts';
import { type Timespan, timespans, Windows } from './windows.ts';

const shape = z.object({
  ticker: z.string(),
  multiplier: parameter(
    (text) => (/^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined),
    (text) => `Invalid 'multiplier': '${text}', expected a positive integer`,
  ),
  timespan: choice('timespan', timespans),
  from: edge('from'),
  to: edge('to'),
  adjusted: flag('adjusted', true),
  sort: choice('sort', ['asc', 'desc']).prefault('asc'),
  limit: limit(5000, 50_000, 'most'),
});
type Asked = z.output<typeof shape>;

/** What streams tell as well; longer ones are made of several. */
const channels: Partial<Record<Timespan, Channel>> = { second: 'second-bar', minute: 'bar', day: 'daily-bar' };

/** Aggregates of one ticker over any stretch of time (sheet §6). A tape holds what was traded, so prices are never adjusted. */
export function aggregateRoutes(entitlement: Entitlement): readonly Told[] {
  const tell: Tell = async (request, access, id) => {
    const given = read(shape, request, id);
    if ('refusal' in given) return given.refusal;
    const { asked } = given;
    const { ticker, timespan, multiplier, sort, limit: most } = asked;
    const market = marketOf(ticker);
    const [from, to] = [firstOf(asked.from, market), lastOf(asked.to, market)];
    if (to < from) return wrong(id, "The parameter 'to' cannot be a time that occurs before 'from'");
    const sight = entitlement.sight(market, access);
    const objection = entitlement.objection(market, from, to, sight, access, id);
    if (objection !== undefined) return objection;
    const windows = new Windows(timespan, multiplier, market, from);
    const end = windows.end(to) - 1n;
    const newestFirst = sort === 'desc';
    const part = { from: windows.start(from), to: end < sight.until ? end : sight.until, newestFirst, limit: most };
    const known = tickersOf(access.history).get(ticker);
    const page =
      known === undefined || part.to < part.from
        ? { bars: [], queried: 0, next: undefined }
        : await aggregatePage(
            baseBars(access.history, { ...known, ...part, lag: sight.lag }, baseOf(timespan), request.signal),
            windows,
            part,
          );
    const channel = multiplier === 1 ? channels[timespan] : undefined;
    if (channel !== undefined) for (const bar of page.bars) access.scribe?.(bar, channel, bar.start);
    const count = page.bars.length;
    const next =
      page.next === undefined
        ? undefined
        : nextPage(request, asked, newestFirst ? { to: windows.end(page.next) - milli } : { from: page.next });
    return listed(
      { head: headOf(ticker, page.queried, count, asked.adjusted), tail: tailOf(id, count, next, sight.kind) },
      count === 0 ? undefined : aggregateRows(page.bars.map((bar) => ({ bar, at: bar.start }))),
    );
  };
  return [{ path: '/v2/aggs/ticker/:ticker/range/:multiplier/:timespan/:from/:to', tell }];
}

/** What comes before the rows of aggregates. Indices are never adjusted, and do not say so (official specification). */
export function headOf(ticker: string | undefined, queried: number, count: number, adjusted: boolean): Json {
  const isIndex = ticker !== undefined && marketOf(ticker) === 'indices';
  return { ticker, queryCount: queried, resultsCount: count, adjusted: isIndex ? undefined : adjusted };
}

/** What comes after them. Plans that are behind are told so by their status (inferred; sheet §6). */
export function tailOf(
  id: string,
  count: number,
  next: string | undefined,
  kind: 'real-time' | 'delayed' | 'end-of-day',
): Json {
  const status = kind === 'real-time' ? 'OK' : 'DELAYED';
  return { status, request_id: id, count, next_url: next };
}

/**
 * The same request for what is left: the path itself changes (sheet §6). Oldest first it begins with the next window; newest first it ends
 * with it, for windows are counted from the beginning (inferred).
 */
function nextPage(
  request: RestRequest,
  { ticker, multiplier, timespan, adjusted, limit: most, sort }: Asked,
  moved: { readonly from?: bigint; readonly to?: bigint },
): string {
  const { from = '', to = '' } = request.params;
  const [first, last] = [moved.from, moved.to].map((at) => at && String(at / milli));
  const path = `/v2/aggs/ticker/${encodeURIComponent(ticker)}/range/${multiplier}/${timespan}/${first ?? from}/${last ?? to}`;
  return nextUrl(request, path, cursorOf({ adjusted: adjusted ? undefined : 'false', limit: most, sort }));
}
