import { z } from 'zod';
import { isQuote, isTrade, type Bar, type MarketEvent } from '../../../../market/event.ts';
import { milli } from '../../../../market/nanos.ts';
import { type Access, type Last, Latest, type RestRequest } from '../../exchange.ts';
import type { PolygonOptions } from '../options.ts';
import { decimalsOf } from '../stock-json.ts';
import { type Json, notFound, plain, type Tell, type Told } from './answers.ts';
import { baseBars } from './base-bars.ts';
import { daysOf } from './days.ts';
import type { Entitlement, Sight } from './entitlement.ts';
import { midnightOf } from './markets.ts';
import { flag, read } from './parameters.ts';
import { lastQuote, lastTrade } from './snapshot-parts.ts';
import { type Instrument, tickersOf } from './tickers.ts';
import { decimalText } from './ticks.ts';
import { tellBar, tellEvent } from './told.ts';

export type Options = Pick<PolygonOptions, 'decimalSizes' | 'quoteSizes'>;
export type Snapped = 'stocks' | 'crypto' | 'forex';

/** Where each market's snapshots are. */
export const roots: Readonly<Record<Snapped, string>> = {
  stocks: '/v2/snapshot/locale/us/markets/stocks/tickers',
  crypto: '/v2/snapshot/locale/global/markets/crypto/tickers',
  forex: '/v2/snapshot/locale/global/markets/forex/tickers',
};

/** The market of one ticker, or of many, at a glance (sheet §6). */
export function snapshotRoutes(entitlement: Entitlement, options: Options): readonly Told[] {
  return (['stocks', 'crypto', 'forex'] as const).flatMap((market) => {
    const path = roots[market];
    return [
      { path, tell: many(market, entitlement, options) },
      { path: `${path}/:ticker`, tell: one(market, entitlement, options) },
    ];
  });
}

function many(market: Snapped, entitlement: Entitlement, options: Options): Tell {
  const shape = z.object({ tickers: z.string().optional(), include_otc: flag('include_otc', false) });
  return async (request, access, id) => {
    const given = read(shape, request, id);
    if ('refusal' in given) return given.refusal;
    const sight = entitlement.sight(market, access);
    const refusal = entitlement.refusal(sight, undefined, access, id);
    if (refusal !== undefined) return refusal;
    const wanted = given.asked.tickers?.split(',').map((name) => name.trim());
    const all = [...tickersOf(access.history).values()].filter((instrument) => instrument.market === market);
    const tickers: Json[] = [];
    for (const instrument of wanted === undefined ? all : all.filter(({ ticker }) => wanted.includes(ticker))) {
      const found = await snapshotOf(instrument, sight, options, access, request);
      if (found === undefined || (found.otc && !given.asked.include_otc)) continue;
      found.told();
      tickers.push(found.body);
    }
    return plain({ count: tickers.length, status: 'OK', tickers });
  };
}

function one(market: Snapped, entitlement: Entitlement, options: Options): Tell {
  return async (request, access, id) => {
    const sight = entitlement.sight(market, access);
    const refusal = entitlement.refusal(sight, undefined, access, id);
    if (refusal !== undefined) return refusal;
    const known = tickersOf(access.history).get(request.params['ticker'] ?? '');
    const found = known?.market === market ? await snapshotOf(known, sight, options, access, request) : undefined;
    if (found === undefined) return notFound(id);
    found.told();
    return plain({ request_id: id, status: 'OK', ticker: found.body });
  };
}

/** Numbers of a day or a minute without any trading. */
const nothing = { open: 0, high: 0, low: 0, close: 0, volume: 0, vwap: 0, trades: 0, otc: undefined };
type Numbers = Pick<Bar, keyof typeof nothing>;

/** A ticker at a glance, and what it is chosen by where many are told. */
export interface Snapshot {
  readonly body: Json;
  readonly otc: boolean;
  readonly volume: number;
  /** Change since the close of the day before, in per cent; 0 where there is none. */
  readonly change: number;
  /** Takes down that an answer tells it. */
  told(): void;
}

/** Nothing of what has not been heard of yet. */
export async function snapshotOf(
  instrument: Instrument,
  sight: Sight,
  options: Options,
  access: Access,
  { signal }: Pick<RestRequest, 'signal'>,
): Promise<Snapshot | undefined> {
  const { market, symbol, ticker } = instrument;
  const { history } = access;
  const { today, before } = await daysOf(instrument, sight, access, signal);
  const latest = new Latest(history, market, symbol, sight.lag, signal);
  const trade = market === 'forex' ? undefined : await latest.newest('trade', isTrade);
  const quote = market === 'crypto' ? undefined : await latest.newest('quote', isQuote);
  const newest: Last<MarketEvent> | undefined = trade ?? quote;
  if (newest === undefined && today === undefined && before === undefined) return undefined;
  // A currency changes by its day's close, everything else by its last trade (official samples).
  const price = market === 'forex' ? today?.close : trade?.event.price;
  const change = price === undefined || before === undefined ? 0 : price - before.close;
  const minute = await minuteOf(instrument, sight, access, signal);
  const percentage = before === undefined || before.close === 0 ? 0 : (change / before.close) * 100;
  return {
    otc: today?.otc === true,
    volume: today?.volume ?? 0,
    change: percentage,
    told() {
      for (const day of [today, before]) tellBar(day, 'daily-bar', access);
      tellBar(minute, 'bar', access);
      for (const last of [trade, quote]) tellEvent(last, access);
    },
    body: {
      day: dayFields(today ?? nothing, market, options),
      lastQuote: quote && lastQuote(quote, options),
      lastTrade: trade && lastTrade(trade, options),
      min: minuteFields(minute, today?.volume, market, options),
      prevDay: dayFields(before ?? nothing, market),
      ticker,
      todaysChange: rounded(change),
      todaysChangePerc: rounded(percentage),
      updated: newest === undefined ? 0 : newest.event.at + newest.shift,
    },
  };
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/** The newest minute of the day that runs, with its start on the wire. */
export async function minuteOf(
  { market, symbol }: Instrument,
  { lag, until }: Sight,
  { history }: Access,
  signal: AbortSignal,
): Promise<Bar | undefined> {
  const span = { market, symbol, from: midnightOf(market, until), to: until, lag, newestFirst: true };
  const { chapters, startOf } = baseBars(history, span, 'minute', signal);
  for await (const { events, shift } of chapters) {
    const [bar] = events;
    if (bar !== undefined) return { ...bar, start: startOf(bar, shift) };
  }
  return undefined;
}

type Fields = Readonly<Record<string, Json>>;

/** `options`: of what is told with its volume as decimal text too. */
function dayFields(bar: Numbers, market: Instrument['market'], options?: Options): Fields {
  const { open, high, low, close, volume, vwap, otc } = bar;
  const told = options !== undefined && market === 'stocks' && decimalsOf(options)(volume);
  return {
    c: close,
    h: high,
    l: low,
    o: open,
    v: volume,
    vw: market === 'forex' ? undefined : vwap,
    dv: told ? decimalText(volume) : undefined,
    otc: otc === true ? true : undefined,
  };
}

function minuteFields(
  bar: Bar | undefined,
  dayVolume: number | undefined,
  market: Instrument['market'],
  options: Options,
): Fields {
  const sum = bar === undefined ? 0 : (bar.dayVolume ?? dayVolume ?? 0);
  const isStock = market === 'stocks';
  return {
    av: isStock ? sum : undefined,
    ...dayFields(bar ?? nothing, market, options),
    t: bar === undefined ? 0 : bar.start / milli,
    n: bar?.trades ?? 0,
    dav: isStock && decimalsOf(options)(sum) ? decimalText(sum) : undefined,
  };
}
