import type { Bar, Nanos, Quote, Trade } from '../../../market/event.ts';
import { type ByteWriter, type Encoder, snippet } from '../exchange.ts';
import { jsonEncoder, type Word } from './json-encoder.ts';
import { maybe, maybeMillis, millis, opening, prices, span, whole } from './json-fields.ts';
import { wireTicker } from './symbols.ts';

const key = {
  p: snippet(',"p":'),
  s: snippet(',"s":'),
  t: snippet(',"t":'),
  q: snippet(',"q":'),
  bp: snippet(',"bp":'),
  bs: snippet(',"bs":'),
  bt: snippet(',"bt":'),
  ap: snippet(',"ap":'),
  as: snippet(',"as":'),
  at: snippet(',"at":'),
  v: snippet(',"v":'),
  dv: snippet(',"dv":'),
  n: snippet(',"n":'),
};

/** Spells futures events: a time of its own for each side of a quote, and bars with their turnover, here a number (sheet §5). */
export function futureEncoder(): Encoder {
  const ticker = (symbol: string): string => wireTicker('futures', symbol);
  const openTrade = opening('T', 'sym', ticker);
  const openQuote = opening('Q', 'sym', ticker);

  function trade(event: Trade, shift: Nanos, out: ByteWriter): void {
    openTrade(event.symbol, out);
    maybe(key.p, event.price, out);
    whole(key.s, event.size, out);
    millis(key.t, event.at + shift, out);
    maybe(key.q, event.sequence, out);
    out.u8(0x7d);
  }

  function quote(event: Quote, shift: Nanos, out: ByteWriter): void {
    openQuote(event.symbol, out);
    maybe(key.bp, event.bidPrice, out);
    whole(key.bs, event.bidSize, out);
    maybeMillis(key.bt, event.bidAt, shift, out);
    maybe(key.ap, event.askPrice, out);
    whole(key.as, event.askSize, out);
    maybeMillis(key.at, event.askAt, shift, out);
    millis(key.t, event.at + shift, out);
    out.u8(0x7d);
  }

  const bars = (ev: 'A' | 'AM'): Word<Bar> => {
    const open = opening(ev, 'sym', ticker);
    return (event, shift, out) => {
      open(event.symbol, out);
      whole(key.v, event.volume, out);
      // The documents' example is volume times price, without the contract's multiplier.
      maybe(key.dv, event.turnover ?? event.volume * event.vwap, out);
      prices(event, out);
      whole(key.n, event.trades, out);
      span(event, shift, out);
      out.u8(0x7d);
    };
  };
  return jsonEncoder('futures', { trade, quote, secondBar: bars('A'), bar: bars('AM') });
}
