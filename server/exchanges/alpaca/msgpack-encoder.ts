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
import { ByteWriter, type Encoder } from '../exchange.ts';
import { barStarts } from './bar-start.ts';
import { timestampWriter, writeArray, writeFloat, writeMap, writeText, writeWhole } from './msgpack-writer.ts';
import { largestSize, largestVolume, openings, unknownExchange, unknownTape, wholeUpTo } from './neutral.ts';
import { numericTradeId } from './trade-id.ts';

/**
 * Spells stock events as MessagePack: named maps with `T` first, for the Go SDK loses the whole frame otherwise, integer kinds for
 * ids and sizes, extension -1 for times (sheet §2.2).
 */
export function msgpackEncoder(): Encoder {
  const startOf = barStarts();
  const writeTime = timestampWriter();

  const openTrade = opening(9, 't', 'i');
  const openQuote = opening(11, 'q', 'bx');
  const openBars = {
    bar: opening(10, 'b', 'o'),
    'updated-bar': opening(10, 'u', 'o'),
    'daily-bar': opening(10, 'd', 'o'),
  };
  const openStatus = opening(8, 's', 'sc');
  const openLuld = opening(7, 'l', 'u');
  const openCorrection = opening(13, 'c', 'x');
  const openCancel = opening(9, 'x', 'i');

  function tapeAndTime(tape: string | undefined, at: Nanos, out: ByteWriter): void {
    text('z', tape ?? unknownTape, out);
    time('t', at, out);
  }
  function time(key: string, at: Nanos, out: ByteWriter): void {
    writeText(key, out);
    writeTime(at, out);
  }

  function trade(event: Trade, at: Nanos, out: ByteWriter): void {
    openTrade(event.symbol, out);
    writeWhole(numericTradeId(event.id), out);
    text('x', event.exchange ?? unknownExchange, out);
    price('p', event.price, out);
    whole('s', event.size, largestSize, out);
    texts('c', event.conditions, out);
    tapeAndTime(event.tape, at, out);
  }

  function quote(event: Quote, at: Nanos, out: ByteWriter): void {
    openQuote(event.symbol, out);
    writeText(event.bidExchange ?? unknownExchange, out);
    price('bp', event.bidPrice, out);
    whole('bs', event.bidSize, largestSize, out);
    text('ax', event.askExchange ?? unknownExchange, out);
    price('ap', event.askPrice, out);
    whole('as', event.askSize, largestSize, out);
    texts('c', event.conditions, out);
    tapeAndTime(event.tape, at, out);
  }

  function bar(open: (symbol: string, out: ByteWriter) => void, event: Bar, shift: Nanos, out: ByteWriter): void {
    open(event.symbol, out);
    writeFloat(event.open, out);
    price('h', event.high, out);
    price('l', event.low, out);
    price('c', event.close, out);
    whole('v', event.volume, largestVolume, out);
    time('t', startOf(event, shift), out);
    whole('n', event.trades, largestVolume, out);
    price('vw', event.vwap, out);
  }

  function status(event: Status, at: Nanos, out: ByteWriter): void {
    openStatus(event.symbol, out);
    writeText(event.code, out);
    text('sm', event.message, out);
    text('rc', event.reasonCode, out);
    text('rm', event.reasonMessage, out);
    time('t', at, out);
    text('z', event.tape ?? unknownTape, out);
  }

  function luld(event: Luld, at: Nanos, out: ByteWriter): void {
    openLuld(event.symbol, out);
    writeFloat(event.up, out);
    price('d', event.down, out);
    text('i', event.indicator, out);
    time('t', at, out);
    text('z', event.tape ?? unknownTape, out);
  }

  function imbalance(event: Imbalance, at: Nanos, out: ByteWriter): void {
    const { pairedShares, imbalanceShares, side, auction } = event;
    writeMap(5 + [pairedShares, imbalanceShares, side, auction].filter((field) => field !== undefined).length, out);
    text('T', 'i', out);
    text('S', event.symbol, out);
    price('p', event.price, out);
    if (pairedShares !== undefined) whole('ps', pairedShares, largestSize, out);
    if (imbalanceShares !== undefined) whole('is', imbalanceShares, largestSize, out);
    if (side !== undefined) text('side', side, out);
    if (auction !== undefined) text('at', auction, out);
    tapeAndTime(event.tape, at, out);
  }

  function correction(event: Correction, at: Nanos, out: ByteWriter): void {
    openCorrection(event.symbol, out);
    writeText(event.exchange ?? unknownExchange, out);
    for (const [side, print] of [
      ['o', event.original],
      ['c', event.corrected],
    ] as const) {
      writeText(`${side}i`, out);
      writeWhole(numericTradeId(print.id), out);
      price(`${side}p`, print.price, out);
      whole(`${side}s`, print.size, largestSize, out);
      texts(`${side}c`, print.conditions, out);
    }
    tapeAndTime(event.tape, at, out);
  }

  function cancel(event: Cancel, at: Nanos, out: ByteWriter): void {
    openCancel(event.symbol, out);
    writeWhole(numericTradeId(event.id), out);
    text('x', event.exchange ?? unknownExchange, out);
    price('p', event.price, out);
    whole('s', event.size, largestSize, out);
    text('a', event.action, out);
    tapeAndTime(event.tape, at, out);
  }

  return {
    name: 'alpaca stocks msgpack',
    opcode: 'binary',
    single: false,
    open: writeArray,
    separate: () => undefined,
    close: () => undefined,
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
          throw new RangeError(`Alpaca's stock streams have no word for a ${event.kind}; subscribe none of that kind.`);
      }
    },
  };
}

function text(key: string, value: string, out: ByteWriter): void {
  writeText(key, out);
  writeText(value, out);
}

function price(key: string, value: number, out: ByteWriter): void {
  writeText(key, out);
  writeFloat(value, out);
}

function whole(key: string, value: number, most: number, out: ByteWriter): void {
  writeText(key, out);
  writeWhole(wholeUpTo(most, value), out);
}

function texts(key: string, list: readonly string[], out: ByteWriter): void {
  writeText(key, out);
  writeArray(list.length, out);
  for (const item of list) writeText(item, out);
}

function opening(keys: number, type: string, first: string): (symbol: string, out: ByteWriter) => void {
  return openings((symbol) => {
    const out = new ByteWriter(64);
    writeMap(keys, out);
    for (const part of ['T', type, 'S', symbol, first]) writeText(part, out);
    return Buffer.from(out.bytes.subarray(0, out.length));
  });
}
