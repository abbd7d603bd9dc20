import type { Bar, Imbalance, Luld, Market, Nanos, Quote, Trade } from '../../../market/event.ts';
import { type ByteWriter, type Encoder, snippet } from '../exchange.ts';
import { exchangeId, quoteConditionId, tapeId } from './codes.ts';
import { jsonEncoder } from './json-encoder.ts';
import {
  conditions,
  decimal,
  fairValueWord,
  list,
  maybe,
  maybeMillis,
  meanSize,
  millis,
  nanos,
  opening,
  prices,
  span,
  whole,
} from './json-fields.ts';
import type { PolygonOptions } from './options.ts';
import { wireTicker } from './symbols.ts';

const key = {
  x: snippet(',"x":'),
  i: snippet(',"i":'),
  z: snippet(',"z":'),
  p: snippet(',"p":'),
  s: snippet(',"s":'),
  ds: snippet(',"ds":'),
  t: snippet(',"t":'),
  q: snippet(',"q":'),
  pt: snippet(',"pt":'),
  trfi: snippet(',"trfi":'),
  trft: snippet(',"trft":'),
  bx: snippet(',"bx":'),
  bp: snippet(',"bp":'),
  bs: snippet(',"bs":'),
  ax: snippet(',"ax":'),
  ap: snippet(',"ap":'),
  as: snippet(',"as":'),
  c: snippet(',"c":'),
  v: snippet(',"v":'),
  av: snippet(',"av":'),
  op: snippet(',"op":'),
  vw: snippet(',"vw":'),
  a: snippet(',"a":'),
  dv: snippet(',"dv":'),
  dav: snippet(',"dav":'),
  h: snippet(',"h":'),
  l: snippet(',"l":'),
  at: snippet(',"at":'),
  o: snippet(',"o":'),
  b: snippet(',"b":'),
};
const overTheCounter = snippet(',"otc":true');

/** Spells stock events, keys in the order of the documents (sheet §5). What the tape does not know, or Polygon has no id for, is left out. */
export function stockEncoder(options: PolygonOptions): Encoder {
  const ticker = (symbol: string): string => wireTicker('stocks', symbol);
  const openTrade = opening('T', 'sym', ticker);
  const openQuote = opening('Q', 'sym', ticker);
  const openSecond = opening('A', 'sym', ticker);
  const openMinute = opening('AM', 'sym', ticker);
  const openLuld = opening('LULD', 'T', ticker);
  const openImbalance = opening('NOI', 'T', ticker);
  const lot = options.quoteSizes === 'round-lots' ? 100 : 1;
  const wantsDecimal = decimalsOf(options);

  function trade(event: Trade, shift: Nanos, out: ByteWriter): void {
    openTrade(event.symbol, out);
    maybe(key.x, exchangeId('stocks', event.exchange), out);
    if (event.id !== '') {
      out.put(key.i);
      out.jsonString(event.id);
    }
    maybe(key.z, tapeId(event.tape), out);
    maybe(key.p, event.price, out);
    whole(key.s, event.size, out);
    if (wantsDecimal(event.size)) decimal(key.ds, event.size, out);
    conditions('stocks', event.conditions, event.tape, out);
    millis(key.t, event.at + shift, out);
    maybe(key.q, event.sequence, out);
    if (options.participantTime) maybeMillis(key.pt, event.participantAt, shift, out);
    maybe(key.trfi, event.trfId, out);
    maybeMillis(key.trft, event.trfAt, shift, out);
    out.u8(0x7d);
  }

  function quote(event: Quote, shift: Nanos, out: ByteWriter): void {
    openQuote(event.symbol, out);
    maybe(key.bx, exchangeId('stocks', event.bidExchange), out);
    maybe(key.bp, event.bidPrice, out);
    whole(key.bs, event.bidSize / lot, out);
    maybe(key.ax, exchangeId('stocks', event.askExchange), out);
    maybe(key.ap, event.askPrice, out);
    whole(key.as, event.askSize / lot, out);
    const [condition] = event.conditions;
    // A single number: Go drops a quote with a list (sheet §5, type traps).
    if (condition !== undefined) maybe(key.c, quoteConditionId(condition, event.tape), out);
    if (event.indicators.length > 0) list(key.i, event.indicators, out);
    millis(key.t, event.at + shift, out);
    maybe(key.q, event.sequence, out);
    maybe(key.z, tapeId(event.tape), out);
    out.u8(0x7d);
  }

  function luld(event: Luld, shift: Nanos, out: ByteWriter): void {
    openLuld(event.symbol, out);
    maybe(key.h, event.up, out);
    maybe(key.l, event.down, out);
    if (event.indicators !== undefined) list(key.i, event.indicators, out);
    maybe(key.z, tapeId(event.tape), out);
    nanos(key.t, event.at + shift, out);
    maybe(key.q, event.sequence, out);
    out.u8(0x7d);
  }

  function imbalance(event: Imbalance, shift: Nanos, out: ByteWriter): void {
    openImbalance(event.symbol, out);
    nanos(key.t, event.at + shift, out);
    // New York time of day as one number: 09:30 is 930.
    if (event.auctionTime !== undefined) maybe(key.at, Number(event.auctionTime.replace(':', '')), out);
    if (event.auction !== undefined) {
      out.put(key.a);
      out.jsonString(event.auction);
    }
    maybe(key.i, event.sequence, out);
    maybe(key.x, exchangeId('stocks', event.exchange), out);
    whole(key.o, event.imbalanceShares, out);
    whole(key.p, event.pairedShares, out);
    maybe(key.b, event.price, out);
    out.u8(0x7d);
  }

  const bars = tradedBars('stocks', wantsDecimal);
  return jsonEncoder('stocks', {
    trade,
    quote,
    luld,
    imbalance,
    secondBar: (event, shift, out) => bars(openSecond, event, shift, out),
    bar: (event, shift, out) => bars(openMinute, event, shift, out),
    fairValue: fairValueWord('stocks'),
  });
}

/** Which amounts are told once more as decimal text. */
export function decimalsOf({ decimalSizes }: Pick<PolygonOptions, 'decimalSizes'>): (value: number) => boolean {
  switch (decimalSizes) {
    case 'always':
      return () => true;
    case 'fractional':
      return (value) => !Number.isInteger(value);
    case 'never':
      return () => false;
  }
}

/** Bars of what trades in shares or contracts, from their ticker on: the same for stocks, options and Launchpad. */
export function tradedBars(
  market: Market,
  wantsDecimal: (value: number) => boolean,
): (open: ReturnType<typeof opening>, event: Bar, shift: Nanos, out: ByteWriter) => void {
  // Coins come in fractions only.
  const amount = market === 'crypto' ? maybe : whole;
  return (open, event, shift, out) => {
    const { symbol, volume, dayVolume } = event;
    open(symbol, out);
    amount(key.v, volume, out);
    amount(key.av, dayVolume, out);
    maybe(key.op, event.dayOpen, out);
    maybe(key.vw, event.vwap, out);
    prices(event, out);
    maybe(key.a, event.dayVwap, out);
    whole(key.z, meanSize(event), out);
    span(event, shift, out);
    if (market === 'stocks' && event.otc === true) out.put(overTheCounter);
    if (wantsDecimal(volume)) decimal(key.dv, volume, out);
    if (dayVolume !== undefined && wantsDecimal(dayVolume)) decimal(key.dav, dayVolume, out);
    out.u8(0x7d);
  };
}
