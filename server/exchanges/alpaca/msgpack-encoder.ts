import type {
  Bar,
  Cancel,
  Correction,
  Imbalance,
  Luld,
  MarketEvent,
  Nanos,
  Quote,
  Status,
  Trade,
} from '../../../market/event.ts';
import type { ByteWriter, Encoder, Snippet } from '../exchange.ts';
import { barStarts } from './bar-start.ts';
import { opening, price, text, texts, whole, type Opening } from './msgpack-fields.ts';
import {
  float64,
  keySnippet,
  msgpackArray,
  timestampWriter,
  writeMap,
  writeText,
  writeWhole,
} from './msgpack-writer.ts';
import { largestSize, largestVolume, noWord, unknownExchange, unknownTape } from './neutral.ts';
import { numericTradeId } from './trade-id.ts';

/** Keys, ready to be written; those of prices with the head of their float. */
const key = {
  S: keySnippet('S'),
  T: keySnippet('T'),
  a: keySnippet('a'),
  as: keySnippet('as'),
  at: keySnippet('at'),
  ax: keySnippet('ax'),
  bs: keySnippet('bs'),
  c: keySnippet('c'),
  i: keySnippet('i'),
  is: keySnippet('is'),
  n: keySnippet('n'),
  ps: keySnippet('ps'),
  rc: keySnippet('rc'),
  rm: keySnippet('rm'),
  s: keySnippet('s'),
  side: keySnippet('side'),
  sm: keySnippet('sm'),
  t: keySnippet('t'),
  v: keySnippet('v'),
  x: keySnippet('x'),
  z: keySnippet('z'),
};
const priceKey = {
  ap: keySnippet('ap', float64),
  bp: keySnippet('bp', float64),
  c: keySnippet('c', float64),
  d: keySnippet('d', float64),
  h: keySnippet('h', float64),
  l: keySnippet('l', float64),
  p: keySnippet('p', float64),
  vw: keySnippet('vw', float64),
};
const printKeys = (side: 'o' | 'c') => ({
  id: keySnippet(`${side}i`),
  price: keySnippet(`${side}p`, float64),
  size: keySnippet(`${side}s`),
  conditions: keySnippet(`${side}c`),
});
const originalKeys = printKeys('o');
const correctedKeys = printKeys('c');

/**
 * Spells stock events as MessagePack: named maps with `T` first, for the Go SDK loses the whole frame otherwise, integer kinds for
 * ids and sizes, extension -1 for times (sheet §2.2).
 */
export function msgpackEncoder(): Encoder {
  const startOf = barStarts('America/New_York');
  const writeTime = timestampWriter();

  const openTrade = opening(9, 't', 'i');
  const openQuote = opening(11, 'q', 'bx');
  const openBars = {
    bar: opening(10, 'b', 'o', float64),
    'updated-bar': opening(10, 'u', 'o', float64),
    'daily-bar': opening(10, 'd', 'o', float64),
  };
  const openStatus = opening(8, 's', 'sc');
  const openLuld = opening(7, 'l', 'u', float64);
  const openCorrection = opening(13, 'c', 'x');
  const openCancel = opening(9, 'x', 'i');

  function tapeAndTime(tape: string | undefined, at: Nanos, out: ByteWriter): void {
    text(key.z, tape ?? unknownTape, out);
    time(key.t, at, out);
  }
  function time(name: Snippet, at: Nanos, out: ByteWriter): void {
    out.put(name);
    writeTime(at, out);
  }

  function trade(event: Trade, at: Nanos, out: ByteWriter): void {
    openTrade(event.symbol, out);
    writeWhole(numericTradeId(event.id), out);
    text(key.x, event.exchange ?? unknownExchange, out);
    price(priceKey.p, event.price, out);
    whole(key.s, event.size, largestSize, out);
    texts(key.c, event.conditions, out);
    tapeAndTime(event.tape, at, out);
  }

  function quote(event: Quote, at: Nanos, out: ByteWriter): void {
    openQuote(event.symbol, out);
    writeText(event.bidExchange ?? unknownExchange, out);
    price(priceKey.bp, event.bidPrice, out);
    whole(key.bs, event.bidSize, largestSize, out);
    text(key.ax, event.askExchange ?? unknownExchange, out);
    price(priceKey.ap, event.askPrice, out);
    whole(key.as, event.askSize, largestSize, out);
    texts(key.c, event.conditions, out);
    tapeAndTime(event.tape, at, out);
  }

  function bar(open: Opening, event: Bar, shift: Nanos, out: ByteWriter): void {
    open(event.symbol, out);
    out.f64(event.open);
    price(priceKey.h, event.high, out);
    price(priceKey.l, event.low, out);
    price(priceKey.c, event.close, out);
    whole(key.v, event.volume, largestVolume, out);
    time(key.t, startOf(event, shift), out);
    whole(key.n, event.trades, largestVolume, out);
    price(priceKey.vw, event.vwap, out);
  }

  function status(event: Status, at: Nanos, out: ByteWriter): void {
    openStatus(event.symbol, out);
    writeText(event.code, out);
    text(key.sm, event.message, out);
    text(key.rc, event.reasonCode, out);
    text(key.rm, event.reasonMessage, out);
    time(key.t, at, out);
    text(key.z, event.tape ?? unknownTape, out);
  }

  function luld(event: Luld, at: Nanos, out: ByteWriter): void {
    openLuld(event.symbol, out);
    out.f64(event.up);
    price(priceKey.d, event.down, out);
    text(key.i, event.indicator, out);
    time(key.t, at, out);
    text(key.z, event.tape ?? unknownTape, out);
  }

  function imbalance(event: Imbalance, at: Nanos, out: ByteWriter): void {
    const { pairedShares, imbalanceShares, side, auction } = event;
    writeMap(5 + [pairedShares, imbalanceShares, side, auction].filter((field) => field !== undefined).length, out);
    text(key.T, 'i', out);
    text(key.S, event.symbol, out);
    price(priceKey.p, event.price, out);
    if (pairedShares !== undefined) whole(key.ps, pairedShares, largestSize, out);
    if (imbalanceShares !== undefined) whole(key.is, imbalanceShares, largestSize, out);
    if (side !== undefined) text(key.side, side, out);
    if (auction !== undefined) text(key.at, auction, out);
    tapeAndTime(event.tape, at, out);
  }

  function correction(event: Correction, at: Nanos, out: ByteWriter): void {
    openCorrection(event.symbol, out);
    writeText(event.exchange ?? unknownExchange, out);
    for (const [keys, print] of [
      [originalKeys, event.original],
      [correctedKeys, event.corrected],
    ] as const) {
      out.put(keys.id);
      writeWhole(numericTradeId(print.id), out);
      price(keys.price, print.price, out);
      whole(keys.size, print.size, largestSize, out);
      texts(keys.conditions, print.conditions, out);
    }
    tapeAndTime(event.tape, at, out);
  }

  function cancel(event: Cancel, at: Nanos, out: ByteWriter): void {
    openCancel(event.symbol, out);
    writeWhole(numericTradeId(event.id), out);
    text(key.x, event.exchange ?? unknownExchange, out);
    price(priceKey.p, event.price, out);
    whole(key.s, event.size, largestSize, out);
    text(key.a, event.action, out);
    tapeAndTime(event.tape, at, out);
  }

  return {
    name: 'alpaca stocks msgpack',
    ...msgpackArray,
    event(event: MarketEvent, shift: Nanos, out: ByteWriter): void {
      switch (event.kind) {
        case 'trade':
          return trade(event, event.at + shift, out);
        case 'quote':
          return quote(event, event.at + shift, out);
        case 'bar':
        case 'updated-bar':
        case 'daily-bar':
          return bar(openBars[event.kind], event, shift, out);
        case 'status':
          return status(event, event.at + shift, out);
        case 'luld':
          return luld(event, event.at + shift, out);
        case 'imbalance':
          return imbalance(event, event.at + shift, out);
        case 'correction':
          return correction(event, event.at + shift, out);
        case 'cancel':
          return cancel(event, event.at + shift, out);
        case 'second-bar':
        case 'book':
        case 'value':
        case 'news':
        case 'price':
        case 'fair-value':
        case 'pricing':
          return noWord('stock streams', event);
      }
    },
  };
}
