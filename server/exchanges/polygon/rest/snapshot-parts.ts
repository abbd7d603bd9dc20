import type { Quote, Trade } from '../../../../market/event.ts';
import { milli } from '../../../../market/nanos.ts';
import type { Last } from '../../exchange.ts';
import { exchangeId } from '../codes.ts';
import type { PolygonOptions } from '../options.ts';
import { decimalsOf } from '../stock-json.ts';
import type { Json } from './answers.ts';
import { conditionsOf, decimalText, lotOf } from './ticks.ts';

/** A snapshot's last trade. Times are nanoseconds for stocks and milliseconds for coins; no conditions are null for stocks (official samples). */
export function lastTrade({ event, shift }: Last<Trade>, options: Pick<PolygonOptions, 'decimalSizes'>): Json {
  const { market, size, price, id } = event;
  const isCoin = market === 'crypto';
  const conditions = conditionsOf(event);
  const at = event.at + shift;
  return {
    c: conditions.length > 0 || isCoin ? conditions : null,
    i: id,
    p: price,
    s: isCoin ? size : Math.floor(size),
    t: isCoin ? at / milli : at,
    x: exchangeId(market, event.exchange),
    ds: !isCoin && decimalsOf(options)(size) ? decimalText(size) : undefined,
  };
}

/** A snapshot's last quote: of stocks in nanoseconds, of currencies without sizes and in milliseconds (official specification). */
export function lastQuote({ event, shift }: Last<Quote>, options: Pick<PolygonOptions, 'quoteSizes'>): Json {
  const { bidPrice, askPrice, market } = event;
  const at = event.at + shift;
  if (market === 'forex') {
    return { a: askPrice, b: bidPrice, t: at / milli, x: exchangeId(market, event.bidExchange ?? event.askExchange) };
  }
  const lot = lotOf('stocks', options);
  return { P: askPrice, S: Math.floor(event.askSize / lot), p: bidPrice, s: Math.floor(event.bidSize / lot), t: at };
}
