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
import { type ByteWriter, type Encoder, jsonArray, snippet } from '../exchange.ts';
import { barStarts } from './bar-start.ts';
import { endOfTime, type Head, type Opening, opening, timeKey, writeBar } from './json-fields.ts';
import { largestSize, largestVolume, unknownExchange, unknownTape, noWord, wholeUpTo } from './neutral.ts';
import { jsonTradeId } from './trade-id.ts';

/** What stands between two values, ready to be written. */
const key = {
  x: snippet(',"x":'),
  p: snippet(',"p":'),
  s: snippet(',"s":'),
  c: snippet(',"c":'),
  bp: snippet(',"bp":'),
  bs: snippet(',"bs":'),
  ax: snippet(',"ax":'),
  ap: snippet(',"ap":'),
  as: snippet(',"as":'),
  sm: snippet(',"sm":'),
  rc: snippet(',"rc":'),
  rm: snippet(',"rm":'),
  d: snippet(',"d":'),
  i: snippet(',"i":'),
  a: snippet(',"a":'),
  z: snippet(',"z":'),
  zAfterTime: snippet('","z":'),
};

/** Spells stock events as JSON, keys in the order seen on the wire (sheet §2.2, §5). */
export function jsonEncoder(head: Head = opening): Encoder {
  const startOf = barStarts('America/New_York');
  const openTrade = head('t', 'i');
  const openQuote = head('q', 'bx');
  const openBars = { bar: head('b', 'o'), 'updated-bar': head('u', 'o'), 'daily-bar': head('d', 'o') };
  const openStatus = head('s', 'sc');
  const openLuld = head('l', 'u');
  const openImbalance = head('i', 'p');
  const openCorrection = head('c', 'x');
  const openCancel = head('x', 'i');

  function trade(event: Trade, at: Nanos, out: ByteWriter): void {
    openTrade(event.symbol, out);
    jsonTradeId(event.id, out);
    out.put(key.x);
    out.jsonString(event.exchange ?? unknownExchange);
    out.put(key.p);
    out.number(event.price);
    out.put(key.s);
    size(event.size, out);
    out.put(key.c);
    texts(event.conditions, out);
    tapeAndTime(event.tape, at, out);
  }

  function quote(event: Quote, at: Nanos, out: ByteWriter): void {
    openQuote(event.symbol, out);
    out.jsonString(event.bidExchange ?? unknownExchange);
    out.put(key.bp);
    out.number(event.bidPrice);
    out.put(key.bs);
    size(event.bidSize, out);
    out.put(key.ax);
    out.jsonString(event.askExchange ?? unknownExchange);
    out.put(key.ap);
    out.number(event.askPrice);
    out.put(key.as);
    size(event.askSize, out);
    out.put(key.c);
    texts(event.conditions, out);
    tapeAndTime(event.tape, at, out);
  }

  function bar(open: Opening, event: Bar, shift: Nanos, out: ByteWriter): void {
    open(event.symbol, out);
    writeBar(event, startOf(event, shift), wholeUpTo(largestVolume, event.volume), out);
  }

  function status(event: Status, at: Nanos, out: ByteWriter): void {
    openStatus(event.symbol, out);
    out.jsonString(event.code);
    out.put(key.sm);
    out.jsonString(event.message);
    out.put(key.rc);
    out.jsonString(event.reasonCode);
    out.put(key.rm);
    out.jsonString(event.reasonMessage);
    timeAndTape(event.tape, at, out);
  }

  function luld(event: Luld, at: Nanos, out: ByteWriter): void {
    openLuld(event.symbol, out);
    out.number(event.up);
    out.put(key.d);
    out.number(event.down);
    out.put(key.i);
    out.jsonString(event.indicator);
    timeAndTape(event.tape, at, out);
  }

  // The four optional keys are the ones the C# SDK reads (sheet §5); the documented message has none of them.
  function imbalance(event: Imbalance, at: Nanos, out: ByteWriter): void {
    openImbalance(event.symbol, out);
    out.number(event.price);
    if (event.pairedShares !== undefined) out.ascii(`,"ps":${wholeUpTo(largestSize, event.pairedShares)}`);
    if (event.imbalanceShares !== undefined) out.ascii(`,"is":${wholeUpTo(largestSize, event.imbalanceShares)}`);
    if (event.side !== undefined) out.utf8(`,"side":${JSON.stringify(event.side)}`);
    if (event.auction !== undefined) out.utf8(`,"at":${JSON.stringify(event.auction)}`);
    tapeAndTime(event.tape, at, out);
  }

  function correction(event: Correction, at: Nanos, out: ByteWriter): void {
    openCorrection(event.symbol, out);
    out.jsonString(event.exchange ?? unknownExchange);
    for (const [side, print] of [
      ['o', event.original],
      ['c', event.corrected],
    ] as const) {
      out.ascii(`,"${side}i":`);
      jsonTradeId(print.id, out);
      out.ascii(`,"${side}p":`);
      out.number(print.price);
      out.ascii(`,"${side}s":`);
      size(print.size, out);
      out.ascii(`,"${side}c":`);
      texts(print.conditions, out);
    }
    tapeAndTime(event.tape, at, out);
  }

  function cancel(event: Cancel, at: Nanos, out: ByteWriter): void {
    openCancel(event.symbol, out);
    jsonTradeId(event.id, out);
    out.put(key.x);
    out.jsonString(event.exchange ?? unknownExchange);
    out.put(key.p);
    out.number(event.price);
    out.put(key.s);
    size(event.size, out);
    out.put(key.a);
    out.jsonString(event.action);
    tapeAndTime(event.tape, at, out);
  }

  return {
    name: 'alpaca stocks json',
    ...jsonArray,
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

function size(value: number, out: ByteWriter): void {
  out.number(wholeUpTo(largestSize, value));
}

function texts(list: readonly string[], out: ByteWriter): void {
  out.u8(0x5b);
  for (let i = 0; i < list.length; i++) {
    if (i > 0) out.u8(0x2c);
    out.jsonString(list[i] ?? '');
  }
  out.u8(0x5d);
}

function tapeAndTime(tape: string | undefined, at: Nanos, out: ByteWriter): void {
  out.put(key.z);
  out.jsonString(tape ?? unknownTape);
  out.put(timeKey);
  out.rfc3339(at);
  out.put(endOfTime);
}

/** Statuses and price bands have the time before the tape (sheet §5). */
function timeAndTape(tape: string | undefined, at: Nanos, out: ByteWriter): void {
  out.put(timeKey);
  out.rfc3339(at);
  out.put(key.zAfterTime);
  out.jsonString(tape ?? unknownTape);
  out.u8(0x7d);
}
