import type { Bar, BarKind, Market, MarketEvent, Quote, Trade } from '../../../market/event.ts';
import type { JsonScan } from '../feed.ts';
import { publishedAt, tapeLetter } from './events.ts';

/** Letters of which the vendor's names are made, as bytes. */
const T = 0x54;
const S = 0x53;
const a = 0x61;
const b = 0x62;
const c = 0x63;
const h = 0x68;
const i = 0x69;
const l = 0x6c;
const n = 0x6e;
const o = 0x6f;
const p = 0x70;
const s = 0x73;
const t = 0x74;
const v = 0x76;
const w = 0x77;
const x = 0x78;
const z = 0x7a;
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
  if (!scan.first(T)) return undefined;
  const type = scan.letter();
  if (type === undefined || !scan.next(S)) return undefined;
  const symbol = scan.text();
  if (symbol === undefined || symbol === '') return undefined;
  if (type === 't') return quickTrade(market, symbol, scan);
  if (type === 'q') return quickQuote(market, symbol, scan);
  const kind = barKinds.get(type);
  return kind && quickBar(kind, market, symbol, scan);
}

function quickTrade(market: Market, symbol: string, scan: JsonScan): Trade | undefined {
  if (!scan.next(i)) return undefined;
  const id = scan.digits();
  if (id === undefined || !scan.next(x)) return undefined;
  const exchange = scan.letter();
  if (exchange === undefined || !scan.next(p)) return undefined;
  const price = scan.number();
  if (price < 0 || !scan.next(s)) return undefined;
  const size = scan.number();
  if (size < 0 || !scan.next(c)) return undefined;
  const conditions = scan.texts();
  if (conditions === undefined || !scan.next(z)) return undefined;
  const tape = scan.letter();
  if (tape === undefined || !scan.next(t)) return undefined;
  const at = scan.instant();
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
  if (!scan.next2(b, x)) return undefined;
  const bidExchange = scan.letter();
  if (bidExchange === undefined || !scan.next2(b, p)) return undefined;
  const bidPrice = scan.number();
  if (bidPrice < 0 || !scan.next2(b, s)) return undefined;
  const bidSize = scan.number();
  if (bidSize < 0 || !scan.next2(a, x)) return undefined;
  const askExchange = scan.letter();
  if (askExchange === undefined || !scan.next2(a, p)) return undefined;
  const askPrice = scan.number();
  if (askPrice < 0 || !scan.next2(a, s)) return undefined;
  const askSize = scan.number();
  if (askSize < 0 || !scan.next(c)) return undefined;
  const conditions = scan.texts();
  if (conditions === undefined || !scan.next(z)) return undefined;
  const tape = scan.letter();
  if (tape === undefined || !scan.next(t)) return undefined;
  const at = scan.instant();
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
  if (!scan.next(o)) return undefined;
  const open = scan.number();
  if (open < 0 || !scan.next(h)) return undefined;
  const high = scan.number();
  if (high < 0 || !scan.next(l)) return undefined;
  const low = scan.number();
  if (low < 0 || !scan.next(c)) return undefined;
  const close = scan.number();
  if (close < 0 || !scan.next(v)) return undefined;
  const volume = scan.number();
  if (volume < 0 || !scan.next(t)) return undefined;
  const start = scan.instant();
  if (start === undefined || !scan.next(n)) return undefined;
  const trades = scan.number();
  if (trades < 0 || !scan.next2(v, w)) return undefined;
  const vwap = scan.number();
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
