import type { Nanos, Quote, Trade } from '../../../market/event.ts';
import { type ByteWriter, type Encoder, snippet } from '../exchange.ts';
import { exchangeId } from './codes.ts';
import { jsonEncoder } from './json-encoder.ts';
import { conditions, fairValueWord, maybe, millis, opening, whole } from './json-fields.ts';
import { tradedBars } from './stock-json.ts';
import { wireTicker } from './symbols.ts';

const key = {
  x: snippet(',"x":'),
  p: snippet(',"p":'),
  s: snippet(',"s":'),
  t: snippet(',"t":'),
  q: snippet(',"q":'),
  bx: snippet(',"bx":'),
  ax: snippet(',"ax":'),
  bp: snippet(',"bp":'),
  ap: snippet(',"ap":'),
  bs: snippet(',"bs":'),
  as: snippet(',"as":'),
};

/** Spells option events: as stocks, without ids, tapes and quote conditions (sheet §5). */
export function optionEncoder(): Encoder {
  const ticker = (symbol: string): string => wireTicker('options', symbol);
  const openTrade = opening('T', 'sym', ticker);
  const openQuote = opening('Q', 'sym', ticker);
  const openSecond = opening('A', 'sym', ticker);
  const openMinute = opening('AM', 'sym', ticker);

  function trade(event: Trade, shift: Nanos, out: ByteWriter): void {
    openTrade(event.symbol, out);
    maybe(key.x, exchangeId('options', event.exchange), out);
    maybe(key.p, event.price, out);
    whole(key.s, event.size, out);
    conditions('options', event.conditions, undefined, out);
    millis(key.t, event.at + shift, out);
    maybe(key.q, event.sequence, out);
    out.u8(0x7d);
  }

  function quote(event: Quote, shift: Nanos, out: ByteWriter): void {
    openQuote(event.symbol, out);
    maybe(key.bx, exchangeId('options', event.bidExchange), out);
    maybe(key.ax, exchangeId('options', event.askExchange), out);
    maybe(key.bp, event.bidPrice, out);
    maybe(key.ap, event.askPrice, out);
    whole(key.bs, event.bidSize, out);
    whole(key.as, event.askSize, out);
    millis(key.t, event.at + shift, out);
    maybe(key.q, event.sequence, out);
    out.u8(0x7d);
  }

  // Contracts have no fractions, so nothing is told again as decimal text.
  const bars = tradedBars('options', () => false);
  return jsonEncoder('options', {
    trade,
    quote,
    secondBar: (event, shift, out) => bars(openSecond, event, shift, out),
    bar: (event, shift, out) => bars(openMinute, event, shift, out),
    fairValue: fairValueWord('options'),
  });
}
