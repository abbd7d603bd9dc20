import type { Bar, Book, Level, Nanos, Quote, Trade } from '../../../market/event.ts';
import { type ByteWriter, type Encoder, type Snippet, snippet } from '../exchange.ts';
import { exchangeId } from './codes.ts';
import { jsonEncoder, type Word } from './json-encoder.ts';
import { fairValueWord, maybe, meanSize, millis, opening, prices, span, whole } from './json-fields.ts';
import { wireTicker } from './symbols.ts';

const key = {
  p: snippet(',"p":'),
  t: snippet(',"t":'),
  s: snippet(',"s":'),
  i: snippet(',"i":'),
  x: snippet(',"x":'),
  r: snippet(',"r":'),
  bp: snippet(',"bp":'),
  bs: snippet(',"bs":'),
  ap: snippet(',"ap":'),
  as: snippet(',"as":'),
  v: snippet(',"v":'),
  vw: snippet(',"vw":'),
  z: snippet(',"z":'),
  b: snippet(',"b":['),
  a: snippet(',"a":['),
};
/** Conditions tell who took liquidity; an empty list, nobody knows (sheet §5). */
const takers = { sell: snippet(',"c":[1]'), buy: snippet(',"c":[2]'), unknown: snippet(',"c":[]') };

/** Levels of a book on either side (sheet §5). */
export const deepest = 100;
/** A price and a size of up to 22 characters on each level, and what stands around them. */
const longestBook = 2 * deepest * 50 + 500;

/** Spells crypto events: sizes with their fractions, and when the vendor received what the exchange had stamped (sheet §5). */
export function cryptoEncoder(): Encoder {
  const ticker = (symbol: string): string => wireTicker('crypto', symbol);
  const openTrade = opening('XT', 'pair', ticker);
  const openQuote = opening('XQ', 'pair', ticker);
  const openBook = opening('XL2', 'pair', ticker);

  function trade(event: Trade, shift: Nanos, out: ByteWriter): void {
    openTrade(event.symbol, out);
    maybe(key.p, event.price, out);
    millis(key.t, event.at + shift, out);
    maybe(key.s, event.size, out);
    out.put(takers[event.taker ?? 'unknown']);
    // A text on every cluster; Go drops a trade whose id is a number (sheet §5).
    out.put(key.i);
    out.jsonString(event.id);
    maybe(key.x, exchangeId('crypto', event.exchange), out);
    received(event, shift, out);
    out.u8(0x7d);
  }

  function quote(event: Quote, shift: Nanos, out: ByteWriter): void {
    openQuote(event.symbol, out);
    maybe(key.bp, event.bidPrice, out);
    maybe(key.bs, event.bidSize, out);
    maybe(key.ap, event.askPrice, out);
    maybe(key.as, event.askSize, out);
    millis(key.t, event.at + shift, out);
    maybe(key.x, exchangeId('crypto', event.bidExchange ?? event.askExchange), out);
    received(event, shift, out);
    out.u8(0x7d);
  }

  function book(event: Book, shift: Nanos, out: ByteWriter): void {
    openBook(event.symbol, out);
    millis(key.t, event.at + shift, out);
    received(event, shift, out);
    maybe(key.x, exchangeId('crypto', event.exchange), out);
    levels(key.b, event.bids, out);
    levels(key.a, event.asks, out);
    out.u8(0x7d);
  }

  const bars = (ev: 'XAS' | 'XA'): Word<Bar> => {
    const open = opening(ev, 'pair', ticker);
    return (event, shift, out) => {
      open(event.symbol, out);
      maybe(key.v, event.volume, out);
      maybe(key.vw, event.vwap, out);
      whole(key.z, meanSize(event), out);
      prices(event, out);
      span(event, shift, out);
      out.u8(0x7d);
    };
  };
  const words = { trade, quote, book, secondBar: bars('XAS'), bar: bars('XA'), fairValue: fairValueWord('crypto') };
  return jsonEncoder('crypto', words, longestBook);
}

/** When the vendor had it: every message tells (sheet §5), so what a tape does not know is the moment it happened. */
function received({ at, receivedAt = at }: Trade | Quote | Book, shift: Nanos, out: ByteWriter): void {
  millis(key.r, receivedAt + shift, out);
}

function levels(name: Snippet, side: readonly Level[], out: ByteWriter): void {
  out.put(name);
  for (let i = 0; i < side.length && i < deepest; i++) {
    const level = side[i];
    if (level === undefined) continue;
    if (i > 0) out.u8(0x2c);
    out.u8(0x5b);
    out.number(level.price);
    out.u8(0x2c);
    out.number(level.size);
    out.u8(0x5d);
  }
  out.u8(0x5d);
}
