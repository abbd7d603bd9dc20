import type { Bar, FairValue, Quote, Trade } from '../../../../market/event.ts';
import type { History, Last } from '../../exchange.ts';
import { exchangeId } from '../codes.ts';
import type { PolygonOptions } from '../options.ts';
import { decimalsOf } from '../stock-json.ts';
import type { Json } from './answers.ts';
import type { Sight } from './entitlement.ts';
import { calendars, type Place, stockCalendar } from './markets.ts';
import type { Overview } from './overview.ts';
import { conditionsOf, decimalText, lotOf } from './ticks.ts';

export type Options = Pick<PolygonOptions, 'decimalSizes' | 'quoteSizes'>;
type Fields = Readonly<Record<string, Json>>;

/** How timely the data is. */
export const timeframeOf = ({ kind }: Sight): Json => (kind === 'real-time' ? 'REAL-TIME' : 'DELAYED');

/** Whether a market trades, as it was on the tape, in the words of unified snapshots (official specification). */
export function marketStatusOf(market: Place, { now, shift }: History): string {
  const onTape = now - shift;
  if (calendars[market].isOpen(onTape)) return market === 'indices' ? 'regular_trading' : 'open';
  const day = market === 'stocks' || market === 'indices' ? stockCalendar.dayOf(onTape) : undefined;
  if (day === undefined) return 'closed';
  return onTape < day.open ? 'early_trading' : 'late_trading';
}

/** A change and its share of what it began with. */
export function changeOf(price: number | undefined, before: number | undefined): Fields {
  const change = price === undefined || before === undefined ? 0 : price - before;
  return {
    change: rounded(change),
    change_percent: before === undefined || before === 0 ? 0 : rounded((change / before) * 100),
  };
}
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/** What it costs now: its last trade, the middle of a currency's day, the value of an index. */
export function priceOf({ trade, value, session }: Overview): number | undefined {
  return trade?.event.price ?? value?.event.value ?? session?.close;
}

export function quoteFields({ event, shift }: Last<Quote>, sight: Sight, options: Options): Json {
  const { market, bidPrice, askPrice } = event;
  const lot = market === 'stocks' ? lotOf('stocks', options) : 1;
  const sizes = { ask_size: Math.floor(event.askSize / lot), bid_size: Math.floor(event.bidSize / lot) };
  const exchanges = {
    ask_exchange: exchangeId(market, event.askExchange),
    bid_exchange: exchangeId(market, event.bidExchange),
  };
  return {
    ask: askPrice,
    ...(market === 'forex' ? {} : sizes),
    ...(market === 'stocks' ? {} : exchanges),
    bid: bidPrice,
    last_updated: event.at + shift,
    midpoint: market === 'options' ? (bidPrice + askPrice) / 2 : undefined,
    timeframe: timeframeOf(sight),
  };
}

export function tradeFields({ event, shift }: Last<Trade>, sight: Sight, options: Options): Json {
  const { market, size } = event;
  const conditions = conditionsOf(event);
  const at = event.at + shift;
  return {
    conditions: conditions.length > 0 ? conditions : undefined,
    exchange: exchangeId(market, event.exchange),
    id: event.id === '' || market === 'options' ? undefined : event.id,
    last_updated: market === 'options' ? undefined : at,
    price: event.price,
    sip_timestamp: market === 'options' ? at : undefined,
    size: market === 'crypto' ? size : Math.floor(size),
    decimal_size: market === 'stocks' && decimalsOf(options)(size) ? decimalText(size) : undefined,
    timeframe: timeframeOf(sight),
  };
}

export function minuteFields({ market, open, high, low, close, volume, vwap, trades }: Bar, options: Options): Json {
  return {
    close,
    high,
    low,
    open,
    transactions: trades,
    volume,
    vwap: market === 'forex' ? undefined : vwap,
    decimal_volume: market === 'stocks' && decimalsOf(options)(volume) ? decimalText(volume) : undefined,
  };
}

/** The day, with what it has changed by. */
export function sessionFields(overview: Overview, options: Options): Json {
  const { session, previousClose } = overview;
  if (session === undefined) return undefined;
  const { market, open, high, low, close, volume } = session;
  const price = priceOf(overview);
  return {
    ...changeOf(price, previousClose),
    close,
    high,
    low,
    open,
    previous_close: previousClose,
    price: market === 'indices' ? undefined : price,
    volume: market === 'indices' ? undefined : volume,
    decimal_volume: market === 'stocks' && decimalsOf(options)(volume) ? decimalText(volume) : undefined,
  };
}

export function fairValueFields(last: Last<FairValue> | undefined): Fields {
  return last === undefined ? {} : { fmv: last.event.value, fmv_last_updated: last.event.at + last.shift };
}
