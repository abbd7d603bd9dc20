import { z } from 'zod';
import type { Bar, Nanos } from '../../../../market/event.ts';
import { milli } from '../../../../market/nanos.ts';
import { parameter, type RestRequest } from '../../exchange.ts';
import { aggregateRows } from './aggregate-rows.ts';
import { type Json, listedSeries, type Tell, type Told } from './answers.ts';
import { rangeOf } from './bounds.ts';
import { cursorOf, nextUrl } from './cursor.ts';
import type { Entitlement } from './entitlement.ts';
import { convergence, exponentialAverage, type Line, relativeStrength, simpleAverage } from './indicators.ts';
import { choice, count, flag, limit, milliTimestamps, read } from './parameters.ts';
import { marketOf, tickersOf } from './tickers.ts';
import { indicatorTimespans, underlyingOf } from './underlying.ts';

/** Windows that are not asked for are as long as is standard (official specification). */
const shapeOf = (window: number) =>
  z.object({
    ticker: z.string(),
    ...milliTimestamps,
    timespan: choice('timespan', indicatorTimespans).prefault('day'),
    adjusted: flag('adjusted', true),
    window: count('window', window),
    short_window: count('short_window', 12),
    long_window: count('long_window', 26),
    signal_window: count('signal_window', 9),
    series_type: choice('series_type', ['open', 'high', 'low', 'close']).prefault('close'),
    expand_underlying: flag('expand_underlying', false),
    order: choice('order', ['asc', 'desc']).prefault('desc'),
    limit: limit(10, 5000, 'refused'),
    /** In cursors: the last aggregate that has been told, in milliseconds. */
    ap: parameter(
      (text) => (/^\d{1,15}$/.test(text) ? BigInt(text) * milli : undefined),
      (text) => `Invalid cursor: ap is '${text}'`,
    ).optional(),
  });
type Asked = z.output<ReturnType<typeof shapeOf>>;

interface Indicator {
  readonly name: 'sma' | 'ema' | 'rsi' | 'macd';
  readonly shape: ReturnType<typeof shapeOf>;
  readonly windows: readonly ('window' | 'short_window' | 'long_window' | 'signal_window')[];
  /** What a row tells; it has to have a value of each. */
  lines(prices: readonly number[], asked: Asked): Readonly<Record<string, Line>>;
}

const indicators: readonly Indicator[] = [
  {
    name: 'sma',
    shape: shapeOf(50),
    windows: ['window'],
    lines: (prices, { window }) => ({ value: simpleAverage(prices, window) }),
  },
  {
    name: 'ema',
    shape: shapeOf(50),
    windows: ['window'],
    lines: (prices, { window }) => ({ value: exponentialAverage(prices, window) }),
  },
  {
    name: 'rsi',
    shape: shapeOf(14),
    windows: ['window'],
    lines: (prices, { window }) => ({ value: relativeStrength(prices, window) }),
  },
  {
    name: 'macd',
    shape: shapeOf(1),
    windows: ['short_window', 'long_window', 'signal_window'],
    lines: (prices, { short_window: short, long_window: long, signal_window: signal }) =>
      convergence(prices, { short, long, signal }),
  },
];

/** Indicators that follow from aggregates: moving averages, their convergence, relative strength (official specification). */
export function indicatorRoutes(entitlement: Entitlement): readonly Told[] {
  return indicators.map((indicator) => ({
    path: `/v1/indicators/${indicator.name}/:ticker`,
    tell: series(indicator, entitlement),
  }));
}

/**
 * Where no lower bound is given, so many windows are read before the first aggregate that is told: an official sample reads 226 for one value of
 * an average over 50. Where one is given, one window is (test data of the official Python client).
 */
const reach = 4.5;

function series(indicator: Indicator, entitlement: Entitlement): Tell {
  return async (request, access, id) => {
    const given = read(indicator.shape, request, id);
    if ('refusal' in given) return given.refusal;
    const { asked } = given;
    const market = marketOf(asked.ticker);
    const sight = entitlement.sight(market, access);
    const range = rangeOf(asked, market);
    const from = range.from ?? (asked.order === 'asc' ? 0n : undefined);
    const ends = [sight.until, range.to, asked.order === 'desc' && asked.ap !== undefined ? asked.ap - 1n : undefined];
    const to = ends.reduce<Nanos>(
      (earliest, end) => (end !== undefined && end < earliest ? end : earliest),
      sight.until,
    );
    const objection = entitlement.objection(market, from ?? 0n, range.to ?? to, sight, access, id);
    if (objection !== undefined) return objection;
    const known = tickersOf(access.history).get(asked.ticker);
    const length = indicator.windows.reduce((sum, name) => sum + asked[name], 0);
    const before = Math.ceil(length * (from === undefined ? reach : 1));
    const wanted = { timespan: asked.timespan, from, to, count: asked.limit + 1, before };
    const bars = known === undefined ? [] : await underlyingOf(known, wanted, sight, access, request);
    const rows = rowsOf(
      bars,
      indicator.lines(
        bars.map((bar) => bar[asked.series_type]),
        asked,
      ),
      from ?? 0n,
      asked,
    );
    const told = rows.slice(0, asked.limit);
    const last = rows.length > told.length ? told.at(-1) : undefined;
    return listedSeries({
      aggregates: asked.expand_underlying
        ? aggregateRows(bars.toReversed().map((bar) => ({ bar, at: bar.start })))
        : undefined,
      url: underlyingUrl(bars, to, asked, request),
      values: told.map(({ row }) => row),
      tail: {
        status: sight.kind === 'real-time' ? 'OK' : 'DELAYED',
        request_id: id,
        next_url: last && next(indicator, asked, last.at, request),
      },
    });
  };
}

interface Row {
  readonly at: Nanos;
  readonly row: Json;
}

/** What is told of the aggregates, in the order asked for, after the last one of the page before. */
function rowsOf(bars: readonly Bar[], lines: Readonly<Record<string, Line>>, from: Nanos, { order, ap }: Asked): Row[] {
  const rows: Row[] = [];
  bars.forEach(({ start: at }, index) => {
    if (at < from || (order === 'asc' && ap !== undefined && at <= ap)) return;
    const values = Object.entries(lines).map(([name, line]) => [name, line[index]] as const);
    if (values.every(([, value]) => value !== undefined)) {
      rows.push({ at, row: { timestamp: at / milli, ...Object.fromEntries(values) } });
    }
  });
  return order === 'asc' ? rows : rows.toReversed();
}

/** Where the aggregates themselves are (test data of the official Python client). */
function underlyingUrl(
  bars: readonly Bar[],
  to: Nanos,
  { ticker, timespan, adjusted }: Asked,
  { origin }: RestRequest,
): string {
  const from = (bars[0]?.start ?? to) / milli;
  const query = `${adjusted ? '' : 'adjusted=false&'}limit=50000&sort=desc`;
  return `${origin}/v2/aggs/ticker/${ticker}/range/1/${timespan}/${from}/${to / milli}?${query}`;
}

/** The same request after the last aggregate that has been told (an official sample; what `ap` holds is ours). */
function next({ name, windows }: Indicator, asked: Asked, last: Nanos, request: RestRequest): string {
  const bounds = Object.fromEntries(
    (['timestamp', 'timestamp.gte', 'timestamp.gt', 'timestamp.lte', 'timestamp.lt'] as const).map((bound) => {
      const moment = asked[bound];
      return [bound, moment && ('date' in moment ? moment.date : String(moment.at / milli))];
    }),
  );
  const cursor = cursorOf({
    adjusted: String(asked.adjusted),
    ap: String(last / milli),
    as: '',
    expand_underlying: String(asked.expand_underlying),
    limit: asked.limit,
    order: asked.order,
    series_type: asked.series_type,
    timespan: asked.timespan,
    ...bounds,
    ...Object.fromEntries(windows.map((window) => [window, asked[window]])),
  });
  return nextUrl(request, `/v1/indicators/${name}/${encodeURIComponent(asked.ticker)}`, cursor);
}
