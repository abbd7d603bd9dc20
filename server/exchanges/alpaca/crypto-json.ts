import type { Book, Level, MarketEvent, Nanos, Quote, Trade } from '../../../market/event.ts';
import { type ByteWriter, type Encoder, jsonArray, snippet } from '../exchange.ts';
import { barStarts } from './bar-start.ts';
import { endOfTime, type Head, opening, timeKey, writeBar } from './json-fields.ts';
import { noWord } from './neutral.ts';
import { jsonTradeId } from './trade-id.ts';

const key = {
  s: snippet(',"s":'),
  i: snippet('","i":'),
  x: snippet(',"x":'),
  bs: snippet(',"bs":'),
  ap: snippet(',"ap":'),
  as: snippet(',"as":'),
  b: snippet('","b":['),
  a: snippet('],"a":['),
  p: snippet('{"p":'),
};
const takers = { buy: snippet(',"tks":"B"}'), sell: snippet(',"tks":"S"}') };
const endOfBook = { whole: snippet('],"r":true}'), change: snippet(']}') };

/** Spells crypto events as JSON: sizes with their fractions, no tape, no conditions (sheet §5). */
export function cryptoJsonEncoder(head: Head = opening): Encoder {
  const startOf = barStarts('UTC');
  const openTrade = head('t', 'p');
  const openQuote = head('q', 'bp');
  const openBars = { bar: head('b', 'o'), 'updated-bar': head('u', 'o'), 'daily-bar': head('d', 'o') };
  const openBook = head('o', 't');

  function trade(event: Trade, at: Nanos, out: ByteWriter): void {
    openTrade(event.symbol, out);
    out.number(event.price);
    out.put(key.s);
    out.number(event.size);
    out.put(timeKey);
    out.rfc3339(at);
    out.put(key.i);
    jsonTradeId(event.id, out);
    if (event.exchange !== undefined) {
      out.put(key.x);
      out.jsonString(event.exchange);
    }
    if (event.taker === undefined) out.u8(0x7d);
    else out.put(takers[event.taker]);
  }

  function quote(event: Quote, at: Nanos, out: ByteWriter): void {
    openQuote(event.symbol, out);
    out.number(event.bidPrice);
    out.put(key.bs);
    out.number(event.bidSize);
    out.put(key.ap);
    out.number(event.askPrice);
    out.put(key.as);
    out.number(event.askSize);
    out.put(timeKey);
    out.rfc3339(at);
    out.put(endOfTime);
  }

  function book(event: Book, at: Nanos, out: ByteWriter): void {
    openBook(event.symbol, out);
    out.u8(0x22);
    out.rfc3339(at);
    out.put(key.b);
    levels(event.bids, out);
    out.put(key.a);
    levels(event.asks, out);
    out.put(event.reset ? endOfBook.whole : endOfBook.change);
  }

  return {
    name: 'alpaca crypto json',
    ...jsonArray,
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
          openBars[event.kind](event.symbol, out);
          return writeBar(event, startOf(event, shift), event.volume, out);
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

function levels(list: readonly Level[], out: ByteWriter): void {
  for (let i = 0; i < list.length; i++) {
    const level = list[i];
    if (level === undefined) continue;
    if (i > 0) out.u8(0x2c);
    out.put(key.p);
    out.number(level.price);
    out.put(key.s);
    out.number(level.size);
    out.u8(0x7d);
  }
}
