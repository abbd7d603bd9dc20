import { z } from 'zod';
import type { Bar, Channel, Nanos } from '../../../../market/event.ts';
import { hour } from '../../../../market/nanos.ts';
import { type Access, type Cut, parameter, type RestRequest } from '../../exchange.ts';
import { aggregatePage } from './aggregate-page.ts';
import { type Json, plain, type Tell, type Told } from './answers.ts';
import { type BaseBars, baseBars } from './base-bars.ts';
import { rangeOf } from './bounds.ts';
import { cursorOf, nextUrl } from './cursor.ts';
import type { Entitlement, Sight } from './entitlement.ts';
import { choice, limit, read, windowStarts } from './parameters.ts';
import { sessionEnd, sessionStart } from './sessions.ts';
import { Windows } from './windows.ts';

/** Sizes of a candle, and how many of a unit it may have (official specification for minutes; the others are inferred). */
const units = { sec: 59, min: 59, hour: 23, session: 1 } as const;
const timespans = { sec: 'second', min: 'minute', hour: 'hour' } as const;

interface Resolution {
  readonly text: string;
  readonly base: 'second' | 'minute' | 'session';
  /** Base aggregates that a candle is made of at most. */
  readonly parts: number;
  readonly cut: Windows | Sessions;
}

const shape = z.object({
  ticker: z.string(),
  resolution: parameter(
    resolutionOf,
    (text) => `Invalid 'resolution': '${text}', expected up to 59sec, 59min or 23hour, or 1session`,
  ).prefault('1session'),
  ...windowStarts,
  limit: limit(1000, 50_000, 'refused'),
  sort: choice('sort', ['window_start.desc', 'window_start.asc']).prefault('window_start.desc'),
});
type Asked = z.output<typeof shape>;

/** Sessions as stretches of time. */
class Sessions implements Cut {
  start(at: Nanos): Nanos {
    return sessionStart(at);
  }

  end(at: Nanos): Nanos {
    return sessionStart(sessionStart(at) + 30n * hour);
  }
}

function resolutionOf(text: string): Resolution | undefined {
  const [, number = '', unit = ''] = /^(\d{1,2})(sec|min|hour|session)$/.exec(text) ?? [];
  if (!(unit in units)) return undefined;
  const [size, kind] = [Number(number), Object.keys(units).indexOf(unit)];
  if (size < 1 || size > (Object.values(units)[kind] ?? 0)) return undefined;
  if (unit === 'session') return { text, base: 'session', parts: 1, cut: new Sessions() };
  const timespan = Object.values(timespans)[kind] ?? 'minute';
  return {
    text,
    base: timespan === 'second' ? 'second' : 'minute',
    parts: timespan === 'hour' ? size * 60 : size,
    cut: new Windows(timespan, size, 'futures', 0n),
  };
}

/** What streams tell as well; other candles are made of several. */
const channels: Readonly<Record<Resolution['base'], Channel>> = {
  second: 'second-bar',
  minute: 'bar',
  session: 'daily-bar',
};

/** Candles of a future (official specification), newest first unless asked otherwise. No tape knows a settlement price. */
export function futuresAggregateRoutes(entitlement: Entitlement): readonly Told[] {
  const tell: Tell = async (request, access, id) => {
    const given = read(shape, request, id);
    if ('refusal' in given) return given.refusal;
    const { asked } = given;
    const { cut } = asked.resolution;
    const sight = entitlement.sight('futures', access);
    const bounds = rangeOf(
      {
        timestamp: asked.window_start,
        'timestamp.gte': asked['window_start.gte'],
        'timestamp.gt': asked['window_start.gt'],
        'timestamp.lte': asked['window_start.lte'],
        'timestamp.lt': asked['window_start.lt'],
      },
      'futures',
    );
    const objection = entitlement.objection('futures', bounds.from ?? 0n, bounds.to ?? sight.until, sight, access, id);
    if (objection !== undefined) return objection;
    const to = bounds.to === undefined || bounds.to > sight.until ? sight.until : bounds.to;
    const from = snapped(bounds.from ?? 0n, asked, cut);
    const part = { from, to: upTo(cut, to, sight), newestFirst: asked.sort === 'window_start.desc' };
    const most = (asked.limit + 1) * asked.resolution.parts;
    const { bars } = await aggregatePage(baseOf(asked, part, sight, access, request), cut, { ...part, limit: most });
    const told = bars.filter(({ start }) => start >= from && start <= to);
    const page = told.slice(0, asked.limit);
    const channel = asked.resolution.parts === 1 ? channels[asked.resolution.base] : undefined;
    if (channel !== undefined) for (const bar of page) access.scribe?.(bar, channel, bar.start);
    const last = told.length > page.length ? page.at(-1) : undefined;
    return plain({
      request_id: id,
      results: page.map((bar) => rowOf(bar, asked.ticker)),
      status: 'OK',
      next_url:
        last && nextUrl(request, `/futures/v1/aggs/${encodeURIComponent(asked.ticker)}`, cursorAfter(last, asked)),
    });
  };
  return [{ path: '/futures/v1/aggs/:ticker', tell }];
}

/** An exact instant means the candle that holds it; so does a lower bound (official specification). */
function snapped(from: Nanos, asked: Asked, cut: Cut): Nanos {
  const moment = asked.window_start ?? asked['window_start.gte'];
  return moment === undefined || 'date' in moment ? from : cut.start(from);
}

/** Base aggregates of the last candle are wanted to its end. */
function upTo(cut: Windows | Sessions, to: Nanos, { until }: Sight): Nanos {
  const end = cut.end(to) - 1n;
  return end < until ? end : until;
}

function baseOf(
  { ticker, resolution }: Asked,
  part: { readonly from: Nanos; readonly to: Nanos; readonly newestFirst: boolean },
  { lag }: Sight,
  { history }: Access,
  { signal }: RestRequest,
): BaseBars {
  const span = { market: 'futures' as const, symbol: ticker, ...part, lag };
  if (resolution.base !== 'session') return baseBars(history, span, resolution.base, signal);
  const wide = { ...span, from: part.from - 26n * hour, to: part.to + 26n * hour };
  return {
    chapters: history.bars(wide, 'day', signal),
    startOf: ({ start }, shift) => sessionStart(start + shift + 12n * hour),
  };
}

function rowOf(bar: Bar, ticker: string): Json {
  const { open, high, low, close, volume, trades, start } = bar;
  return {
    close,
    dollar_volume: bar.turnover ?? volume * bar.vwap,
    high,
    low,
    open,
    session_end_date: sessionEnd(start),
    ticker,
    transactions: trades,
    volume,
    window_start: start,
  };
}

function cursorAfter({ start }: Bar, asked: Asked): string {
  const kept = Object.fromEntries(
    (['window_start.gte', 'window_start.gt', 'window_start.lte', 'window_start.lt'] as const).map((name) => {
      const moment = asked[name];
      return [name, moment && ('date' in moment ? moment.date : String(moment.at))];
    }),
  );
  const { limit: most, sort, resolution } = asked;
  return cursorOf({
    limit: most,
    resolution: resolution.text,
    sort,
    ...kept,
    [sort === 'window_start.desc' ? 'window_start.lt' : 'window_start.gt']: String(start),
  });
}
