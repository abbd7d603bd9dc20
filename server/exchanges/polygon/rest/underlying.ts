import type { Bar, Nanos } from '../../../../market/event.ts';
import type { Access, RestRequest } from '../../exchange.ts';
import { aggregatePage } from './aggregate-page.ts';
import { baseBars, baseOf } from './base-bars.ts';
import type { Sight } from './entitlement.ts';
import type { Instrument } from './tickers.ts';
import { type Timespan, Windows } from './windows.ts';

/** Timespans by which indicators count: an aggregate each. */
export const indicatorTimespans = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;

/** Base aggregates that one of them is made of at most. */
const parts: Readonly<Record<(typeof indicatorTimespans)[number], number>> = {
  minute: 1,
  hour: 60,
  day: 1,
  week: 7,
  month: 31,
  quarter: 92,
  year: 366,
};

export interface Series {
  readonly timespan: (typeof indicatorTimespans)[number];
  /** Aggregates that start there or later are meant; when absent, the newest ones. */
  readonly from: Nanos | undefined;
  /** And there or earlier. */
  readonly to: Nanos;
  /** How many are meant where `from` is absent. */
  readonly count: number;
  /** How many before them are needed. */
  readonly before: number;
}

/** Aggregates of one timespan each, oldest first, with those before them that an indicator needs. */
export async function underlyingOf(
  instrument: Instrument,
  { timespan, from, to, count, before }: Series,
  sight: Sight,
  { history }: Access,
  { signal }: RestRequest,
): Promise<readonly Bar[]> {
  const windows = new Windows(timespan satisfies Timespan, 1, instrument.market, 0n);
  const newest = async (first: Nanos, last: Nanos, most: number): Promise<readonly Bar[]> => {
    const end = windows.end(last) - 1n;
    const part = { from: first, to: end < sight.until ? end : sight.until, newestFirst: true };
    if (part.to < part.from) return [];
    const span = { ...instrument, ...part, lag: sight.lag };
    const bars = baseBars(history, span, baseOf(timespan), signal);
    const page = await aggregatePage(bars, windows, { ...part, limit: most * parts[timespan] });
    return page.bars.slice(0, most);
  };
  if (from === undefined) return (await newest(0n, to, count + before)).toReversed();
  const start = windows.start(from) < from ? windows.end(from) : from;
  const meant = start > to ? [] : await newest(start, to, Infinity);
  const earlier = await newest(0n, start - 1n, before);
  return [...earlier.toReversed(), ...meant.toReversed()];
}
