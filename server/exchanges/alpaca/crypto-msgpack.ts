import type { Bar, Book, Level, MarketEvent, Nanos, Quote, Trade } from '../../../market/event.ts';
import type { ByteWriter, Encoder, Snippet } from '../exchange.ts';
import { barStarts } from './bar-start.ts';
import { opening, type Opening, price, text, whole } from './msgpack-fields.ts';
import {
  float64,
  keySnippet,
  msgpackArray,
  timestampWriter,
  writeArray,
  writeMap,
  writeWhole,
} from './msgpack-writer.ts';
import { largestVolume, noWord } from './neutral.ts';
import { numericTradeId } from './trade-id.ts';

const key = {
  S: keySnippet('S'),
  T: keySnippet('T'),
  a: keySnippet('a'),
  b: keySnippet('b'),
  i: keySnippet('i'),
  n: keySnippet('n'),
  r: keySnippet('r', 0xc3),
  t: keySnippet('t'),
  tks: keySnippet('tks'),
  x: keySnippet('x'),
};
const floatKey = {
  ap: keySnippet('ap', float64),
  as: keySnippet('as', float64),
  bs: keySnippet('bs', float64),
  c: keySnippet('c', float64),
  h: keySnippet('h', float64),
  l: keySnippet('l', float64),
  p: keySnippet('p', float64),
  s: keySnippet('s', float64),
  v: keySnippet('v', float64),
  vw: keySnippet('vw', float64),
};

/** Spells crypto events as MessagePack: `T` first, ids and counts whole, sizes and volumes floats (sheet §2.2). */
export function cryptoMsgpackEncoder(): Encoder {
  const startOf = barStarts('UTC');
  const writeTime = timestampWriter();
  const openQuote = opening(7, 'q', 'bp', float64);
  const openBars = {
    bar: opening(10, 'b', 'o', float64),
    'updated-bar': opening(10, 'u', 'o', float64),
    'daily-bar': opening(10, 'd', 'o', float64),
  };

  function time(name: Snippet, at: Nanos, out: ByteWriter): void {
    out.put(name);
    writeTime(at, out);
  }

  function trade({ symbol, id, exchange, taker, ...said }: Trade, at: Nanos, out: ByteWriter): void {
    writeMap(6 + (exchange === undefined ? 0 : 1) + (taker === undefined ? 0 : 1), out);
    text(key.T, 't', out);
    text(key.S, symbol, out);
    price(floatKey.p, said.price, out);
    price(floatKey.s, said.size, out);
    time(key.t, at, out);
    out.put(key.i);
    writeWhole(numericTradeId(id), out);
    if (exchange !== undefined) text(key.x, exchange, out);
    if (taker !== undefined) text(key.tks, taker === 'buy' ? 'B' : 'S', out);
  }

  function quote(event: Quote, at: Nanos, out: ByteWriter): void {
    openQuote(event.symbol, out);
    out.f64(event.bidPrice);
    price(floatKey.bs, event.bidSize, out);
    price(floatKey.ap, event.askPrice, out);
    price(floatKey.as, event.askSize, out);
    time(key.t, at, out);
  }

  function bar(open: Opening, event: Bar, shift: Nanos, out: ByteWriter): void {
    open(event.symbol, out);
    out.f64(event.open);
    price(floatKey.h, event.high, out);
    price(floatKey.l, event.low, out);
    price(floatKey.c, event.close, out);
    price(floatKey.v, event.volume, out);
    time(key.t, startOf(event, shift), out);
    whole(key.n, event.trades, largestVolume, out);
    price(floatKey.vw, event.vwap, out);
  }

  function book(event: Book, at: Nanos, out: ByteWriter): void {
    writeMap(event.reset ? 6 : 5, out);
    text(key.T, 'o', out);
    text(key.S, event.symbol, out);
    time(key.t, at, out);
    levels(key.b, event.bids, out);
    levels(key.a, event.asks, out);
    if (event.reset) out.put(key.r);
  }

  return {
    name: 'alpaca crypto msgpack',
    ...msgpackArray,
    event(event: MarketEvent, shift: Nanos, out: ByteWriter): void {
      switch (event.kind) {
        case 'trade':
          return trade(event, event.at + shift, out);
        case 'quote':
          return quote(event, event.at + shift, out);
        case 'book':
          return book(event, event.at + shift, out);
        case 'bar':
        case 'updated-bar':
        case 'daily-bar':
          return bar(openBars[event.kind], event, shift, out);
        case 'second-bar':
        case 'status':
        case 'luld':
        case 'imbalance':
        case 'correction':
        case 'cancel':
        case 'value':
        case 'news':
        case 'price':
        case 'fair-value':
        case 'pricing':
          return noWord('crypto streams', event);
      }
    },
  };
}

function levels(name: Snippet, list: readonly Level[], out: ByteWriter): void {
  out.put(name);
  writeArray(list.length, out);
  for (const level of list) {
    writeMap(2, out);
    price(floatKey.p, level.price, out);
    price(floatKey.s, level.size, out);
  }
}
