import type { Bar, BarKind, Market, MarketEvent, Quote, Trade } from '../../../market/event.ts';
import { type JsonScan, named } from '../feed.ts';
import { publishedAt, tapeLetter } from './events.ts';

/** The vendor's names, as they stand before values. */
const T = named('T', '{');
const S = named('S');
const i = named('i');
const x = named('x');
const p = named('p');
const s = named('s');
const c = named('c');
const z = named('z');
const t = named('t');
const bx = named('bx');
const bp = named('bp');
const bs = named('bs');
const ax = named('ax');
const ap = named('ap');
const as_ = named('as');
const o = named('o');
const h = named('h');
const l = named('l');
const v = named('v');
const n = named('n');
const vw = named('vw');
const barKinds = new Map<string, BarKind>([
  ['b', 'bar'],
  ['u', 'updated-bar'],
  ['d', 'daily-bar'],
]);

/**
 * The trade, quote or bar of a stock that begins here, when it is spelled just as the vendor does: the key orders seen on the wire [M LIVE,
 * SIPCAP; sheet §2.2]. `undefined` for all else, which `eventIn` reads; what both read is the same event.
 */
export function quickEvent(market: Market, scan: JsonScan): MarketEvent | undefined {
  const type = scan.letter(T);
  if (type === undefined) return undefined;
  const symbol = scan.text(S);
  if (symbol === undefined || symbol === '') return undefined;
  if (type === 't') return quickTrade(market, symbol, scan);
  if (type === 'q') return quickQuote(market, symbol, scan);
  const kind = barKinds.get(type);
  return kind && quickBar(kind, market, symbol, scan);
}

function quickTrade(market: Market, symbol: string, scan: JsonScan): Trade | undefined {
  const id = scan.digits(i);
  if (id === undefined) return undefined;
  const exchange = scan.letter(x);
  if (exchange === undefined) return undefined;
  const price = scan.number(p);
  if (price < 0) return undefined;
  const size = scan.number(s);
  if (size < 0) return undefined;
  const conditions = scan.letters(c);
  if (conditions === undefined) return undefined;
  const tape = scan.letter(z);
  if (tape === undefined) return undefined;
  const at = scan.instant(t);
  if (at === undefined || !scan.last()) return undefined;
  return {
    kind: 'trade',
    market,
    symbol,
    at,
    id,
    price,
    size,
    exchange,
    conditions,
    tape: tapeLetter(tape),
    sequence: undefined,
    participantAt: undefined,
    trfId: undefined,
    trfAt: undefined,
    taker: undefined,
    receivedAt: undefined,
    correction: undefined,
    reportSequence: undefined,
    session: undefined,
  };
}

const noIndicators: readonly number[] = Object.freeze([]);

function quickQuote(market: Market, symbol: string, scan: JsonScan): Quote | undefined {
  const bidExchange = scan.letter(bx);
  if (bidExchange === undefined) return undefined;
  const bidPrice = scan.number(bp);
  if (bidPrice < 0) return undefined;
  const bidSize = scan.number(bs);
  if (bidSize < 0) return undefined;
  const askExchange = scan.letter(ax);
  if (askExchange === undefined) return undefined;
  const askPrice = scan.number(ap);
  if (askPrice < 0) return undefined;
  const askSize = scan.number(as_);
  if (askSize < 0) return undefined;
  const conditions = scan.letters(c);
  if (conditions === undefined) return undefined;
  const tape = scan.letter(z);
  if (tape === undefined) return undefined;
  const at = scan.instant(t);
  if (at === undefined || !scan.last()) return undefined;
  return {
    kind: 'quote',
    market,
    symbol,
    at,
    bidPrice,
    bidSize,
    bidExchange,
    askPrice,
    askSize,
    askExchange,
    conditions,
    indicators: noIndicators,
    tape: tapeLetter(tape),
    sequence: undefined,
    participantAt: undefined,
    trfAt: undefined,
    bidAt: undefined,
    askAt: undefined,
    receivedAt: undefined,
    reportSequence: undefined,
    session: undefined,
  };
}

function quickBar(kind: BarKind, market: Market, symbol: string, scan: JsonScan): Bar | undefined {
  const open = scan.number(o);
  if (open < 0) return undefined;
  const high = scan.number(h);
  if (high < 0) return undefined;
  const low = scan.number(l);
  if (low < 0) return undefined;
  const close = scan.number(c);
  if (close < 0) return undefined;
  const volume = scan.number(v);
  if (volume < 0) return undefined;
  const start = scan.instant(t);
  if (start === undefined) return undefined;
  const trades = scan.number(n);
  if (trades < 0) return undefined;
  const vwap = scan.number(vw);
  if (vwap < 0 || !scan.last()) return undefined;
  return {
    kind,
    market,
    symbol,
    at: publishedAt(kind, start),
    start,
    open,
    high,
    low,
    close,
    volume,
    trades,
    vwap,
    dayVolume: undefined,
    dayOpen: undefined,
    dayVwap: undefined,
    averageSize: undefined,
    turnover: undefined,
    otc: undefined,
  };
}
