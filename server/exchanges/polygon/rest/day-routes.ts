import { z } from 'zod';
import type { Bar, Nanos } from '../../../../market/event.ts';
import { hour, milli } from '../../../../market/nanos.ts';
import type { Access, RestRequest } from '../../exchange.ts';
import { headOf, tailOf } from './aggregate-routes.ts';
import { type AggregateRow, aggregateRows } from './aggregate-rows.ts';
import { listed, notFound, plain, type Tell, type Told } from './answers.ts';
import { baseBars } from './base-bars.ts';
import { daysOf } from './days.ts';
import type { Entitlement } from './entitlement.ts';
import { calendars, type Place, stockCalendar, zones } from './markets.ts';
import { date, firstOf, flag, lastOf, read } from './parameters.ts';
import { type Instrument, marketOf, tickersOf } from './tickers.ts';
import { tellBar } from './told.ts';

/** The day before, a day of a whole market, and a day's open and close (sheet §6). */
export function dayRoutes(entitlement: Entitlement): readonly Told[] {
  return [
    { path: '/v2/aggs/ticker/:ticker/prev', tell: previous(entitlement) },
    { path: '/v2/aggs/grouped/locale/us/market/stocks/:date', tell: grouped('stocks', entitlement) },
    { path: '/v2/aggs/grouped/locale/global/market/crypto/:date', tell: grouped('crypto', entitlement) },
    { path: '/v2/aggs/grouped/locale/global/market/fx/:date', tell: grouped('forex', entitlement) },
    { path: '/v1/open-close/:ticker/:date', tell: openClose(entitlement) },
  ];
}

function previous(entitlement: Entitlement): Tell {
  const shape = z.object({ ticker: z.string(), adjusted: flag('adjusted', true) });
  return async (request, access, id) => {
    const given = read(shape, request, id);
    if ('refusal' in given) return given.refusal;
    const { ticker, adjusted } = given.asked;
    const known = tickersOf(access.history).get(ticker);
    const sight = entitlement.sight(marketOf(ticker), access);
    const { before } = known === undefined ? {} : await daysOf(known, sight, access, request.signal);
    tellBar(before, 'daily-bar', access);
    const rows = before === undefined ? [] : [dayRow(before, ticker)];
    const count = rows.length;
    return listed(
      { head: headOf(ticker, count, count, adjusted), tail: tailOf(id, count, undefined, sight.kind) },
      count === 0 ? undefined : aggregateRows(rows),
    );
  };
}

function grouped(market: Place, entitlement: Entitlement): Tell {
  const shape = z.object({ date, adjusted: flag('adjusted', true), include_otc: flag('include_otc', false) });
  return async (request, access, id) => {
    const given = read(shape, request, id);
    if ('refusal' in given) return given.refusal;
    const { date: day, adjusted, include_otc: withOtc } = given.asked;
    const sight = entitlement.sight(market, access);
    const { from, to } = dayOf(day, market);
    const objection = entitlement.objection(market, from, to, sight, access, id);
    if (objection !== undefined) return objection;
    const rows: AggregateRow[] = [];
    for (const instrument of tickersOf(access.history).values()) {
      if (instrument.market !== market) continue;
      const bar = await dayBar(instrument, from, to, sight.lag, access, request);
      if (bar === undefined || (bar.otc === true && !withOtc)) continue;
      tellBar(bar, 'daily-bar', access);
      rows.push(dayRow(bar, instrument.ticker));
    }
    const count = rows.length;
    return listed(
      { head: headOf(undefined, count, count, adjusted), tail: tailOf(id, count, undefined, sight.kind) },
      count === 0 ? undefined : aggregateRows(rows),
    );
  };
}

function openClose(entitlement: Entitlement): Tell {
  const shape = z.object({ ticker: z.string(), date, adjusted: flag('adjusted', true) });
  return async (request, access, id) => {
    const given = read(shape, request, id);
    if ('refusal' in given) return given.refusal;
    const { ticker, date: day } = given.asked;
    const market = marketOf(ticker);
    const sight = entitlement.sight(market, access);
    const { from, to } = dayOf(day, market);
    const objection = entitlement.objection(market, from, to, sight, access, id);
    if (objection !== undefined) return objection;
    const known = tickersOf(access.history).get(ticker);
    const bar = known && (await dayBar(known, from, to, sight.lag, access, request));
    if (known === undefined || bar === undefined) return notFound(id, 'Data not found.');
    tellBar(bar, 'daily-bar', access);
    const span = { ...known, from, to, lag: sight.lag, newestFirst: false };
    const edges = market === 'stocks' ? await extendedHours(span, access, request) : {};
    return plain({
      status: 'OK',
      from: day,
      symbol: ticker,
      open: bar.open,
      high: bar.high,
      low: bar.low,
      close: bar.close,
      volume: market === 'indices' ? undefined : bar.volume,
      ...edges,
    });
  };
}

/** The first price before the opening, and the last after the close. */
async function extendedHours(
  span: Parameters<typeof baseBars>[1],
  { history }: Access,
  { signal }: RestRequest,
): Promise<{ readonly afterHours?: number; readonly preMarket?: number }> {
  const { chapters, startOf } = baseBars(history, span, 'minute', signal);
  let [afterHours, preMarket]: (number | undefined)[] = [];
  for await (const { events, shift } of chapters) {
    for (const bar of events) {
      // The market is open when it was on the tape.
      const day = stockCalendar.dayOf(bar.start);
      const at = startOf(bar, shift);
      if (day === undefined || at < span.from || at > span.to) continue;
      if (bar.start < day.open) preMarket ??= bar.open;
      if (bar.start >= day.close) afterHours = bar.close;
    }
  }
  return { ...(afterHours === undefined ? {} : { afterHours }), ...(preMarket === undefined ? {} : { preMarket }) };
}

const dayOf = (day: string, market: Place): { readonly from: Nanos; readonly to: Nanos } => ({
  from: firstOf({ date: day }, market),
  to: lastOf({ date: day }, market),
});

/** The bar of a day, with its start on the wire. */
async function dayBar(
  { market, symbol }: Instrument,
  from: Nanos,
  to: Nanos,
  lag: Nanos,
  { history }: Access,
  { signal }: RestRequest,
): Promise<Bar | undefined> {
  const span = { market, symbol, from, to, lag, newestFirst: false };
  const { chapters, startOf } = baseBars(history, span, 'day', signal);
  for await (const { events, shift } of chapters) {
    const found = events.find((bar) => startOf(bar, shift) === from);
    if (found !== undefined) return { ...found, start: from };
  }
  return undefined;
}

/**
 * A day's row carries the instant at which its market closed, for stocks 16:00 in New York; where it never closes, the day's last
 * millisecond (official samples of both).
 */
function dayRow(bar: Bar, ticker: string): AggregateRow {
  const market = marketOf(ticker);
  const noon = bar.start + 12n * hour;
  const closing =
    market === 'crypto' || market === 'forex' ? undefined : calendars[market].on(zones[market].date(noon))?.close;
  return {
    bar,
    ticker,
    at: closing ?? lastOf({ date: zones[market].date(noon) }, market) + 1n - milli,
  };
}
