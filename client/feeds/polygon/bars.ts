import type { Bar, Market } from '../../../market/event.ts';
import { floorTo, minute, milli, second } from '../../../market/nanos.ts';
import type { Fields } from '../feed.ts';
import { toSymbol } from './tickers.ts';
import { amount, maybeAmount, maybeMillis, millis, nanos, ticker } from './values.ts';

export type BarLength = 'second-bar' | 'bar';
export const lengthOf = { 'second-bar': second, bar: minute } as const;

/**
 * `A`, `AM`, `CAS`, `CA`, `XAS`, `XA` (sheet §5). A bar that comes again replaces the one before: a late trade changed it. `e` is absent
 * in a sample of forex.
 */
export function streamedBar(fields: Fields, market: Market, kind: BarLength): Bar {
  const start = millis(fields, 's');
  const averageSize = fields.maybeNumber('z');
  const volume = volumeOf(fields, market);
  // Of futures `dv` is money, a number; of stocks it is the volume with its fraction, as text (sheet §5).
  const turnover = market === 'futures' ? fields.maybeNumber('dv') : undefined;
  const prices = {
    open: fields.number('o'),
    high: fields.number('h'),
    low: fields.number('l'),
    close: fields.number('c'),
  };
  return {
    kind,
    market,
    symbol: toSymbol(market, ticker(fields, fields.get('pair') === undefined ? 'sym' : 'pair')),
    at: maybeMillis(fields, 'e') ?? start + lengthOf[kind],
    start,
    open: prices.open,
    high: prices.high,
    low: prices.low,
    close: prices.close,
    volume,
    trades: fields.maybeNumber('n') ?? tradesOf(volume, averageSize),
    vwap: fields.maybeNumber('vw') ?? vwapOf(turnover, volume) ?? meanOf(prices),
    dayVolume: maybeAmount(fields, 'av', 'dav'),
    dayOpen: fields.maybeNumber('op'),
    dayVwap: fields.maybeNumber('a'),
    averageSize,
    turnover,
    otc: fields.get('otc') === undefined ? undefined : fields.flag('otc'),
  };
}

/** A row of /v2/aggs (sheet §6), whose window begins at `t`. */
export function rememberedBar(row: Fields, market: Market, symbol: string, kind: BarLength): Bar {
  const start = millis(row, 't');
  const prices = { open: row.number('o'), high: row.number('h'), low: row.number('l'), close: row.number('c') };
  return {
    kind,
    market,
    symbol,
    at: start + lengthOf[kind],
    start,
    open: prices.open,
    high: prices.high,
    low: prices.low,
    close: prices.close,
    volume: volumeOf(row, market),
    trades: market === 'forex' ? 0 : (row.maybeNumber('n') ?? 0),
    vwap: row.maybeNumber('vw') ?? meanOf(prices),
    dayVolume: undefined,
    dayOpen: undefined,
    dayVwap: undefined,
    averageSize: undefined,
    turnover: undefined,
    otc: row.get('otc') === undefined ? undefined : row.flag('otc'),
  };
}

/** A row of /futures/v1/aggs, which spells its names out and counts nanoseconds (@massive.com/client-js 10.8.0, `aggregatesV1`). */
export function rememberedFutureBar(row: Fields, market: Market, symbol: string, kind: BarLength): Bar {
  const start = floorTo(nanos(row, 'window_start'), milli);
  const prices = {
    open: row.number('open'),
    high: row.number('high'),
    low: row.number('low'),
    close: row.number('close'),
  };
  const volume = row.number('volume');
  const turnover = row.maybeNumber('dollar_volume');
  return {
    kind,
    market,
    symbol,
    at: start + lengthOf[kind],
    start,
    open: prices.open,
    high: prices.high,
    low: prices.low,
    close: prices.close,
    volume,
    trades: row.maybeNumber('transactions') ?? 0,
    vwap: vwapOf(turnover, volume) ?? meanOf(prices),
    dayVolume: undefined,
    dayOpen: undefined,
    dayVwap: undefined,
    averageSize: undefined,
    turnover,
    otc: undefined,
  };
}

/** Indices have no volume; of currencies it counts quotes (sheet §5). */
function volumeOf(fields: Fields, market: Market): number {
  if (market === 'indices') return fields.maybeNumber('v') ?? 0;
  return market === 'futures' ? fields.number('v') : amount(fields, 'v', 'dv');
}

/** The stream tells the mean size of a bar's trades, rounded, and not how many they were: as many as that makes. */
function tradesOf(volume: number, averageSize: number | undefined): number {
  return averageSize === undefined || averageSize <= 0 ? 0 : Math.max(1, Math.round(volume / averageSize));
}

/** Money is in the units of prices, so it tells the vwap (@massive.com/client-js 10.8.0, `dollar_volume`). */
function vwapOf(turnover: number | undefined, volume: number): number | undefined {
  return turnover === undefined || volume === 0 ? undefined : turnover / volume;
}

/** What stands for the vwap where none is told. */
function meanOf({ high, low, close }: Pick<Bar, 'high' | 'low' | 'close'>): number {
  return Number(((high + low + close) / 3).toPrecision(12));
}
