import type { Bar, BarKind, Market, MarketEvent, Quote, Trade } from '../../../market/event.ts';
import { type JsonScan, spelled } from '../feed.ts';
import { publishedAt, tapeLetter } from './events.ts';

const opening = spelled('{"T":"');
const symbolKey = spelled('","S":"');
const closing = spelled('}');
const [typeOfTrade, typeOfQuote] = [0x74, 0x71];
const barKinds = new Map<number, BarKind>([
  [0x62, 'bar'],
  [0x75, 'updated-bar'],
  [0x64, 'daily-bar'],
]);
const key = {
  trade: {
    id: spelled(',"i":'),
    exchange: spelled(',"x":"'),
    price: spelled(',"p":'),
    size: spelled(',"s":'),
    conditions: spelled(',"c":'),
    tape: spelled(',"z":"'),
    at: spelled(',"t":"'),
  },
  quote: {
    bidExchange: spelled(',"bx":"'),
    bidPrice: spelled(',"bp":'),
    bidSize: spelled(',"bs":'),
    askExchange: spelled(',"ax":"'),
    askPrice: spelled(',"ap":'),
    askSize: spelled(',"as":'),
    conditions: spelled(',"c":'),
    tape: spelled(',"z":"'),
    at: spelled(',"t":"'),
  },
  bar: {
    open: spelled(',"o":'),
    high: spelled(',"h":'),
    low: spelled(',"l":'),
    close: spelled(',"c":'),
    volume: spelled(',"v":'),
    start: spelled(',"t":"'),
    trades: spelled(',"n":'),
    vwap: spelled(',"vw":'),
  },
} as const;

/**
 * The trade, quote or bar of a stock that begins here, when it is spelled just as the vendor does: the key orders seen on the wire [M LIVE,
 * SIPCAP; sheet §2.2]. `undefined` for all else, which `eventIn` reads; what both read is the same event.
 */
export function quickEvent(market: Market, scan: JsonScan): MarketEvent | undefined {
  if (!scan.is(opening)) return undefined;
  const type = scan.byte();
  if (!scan.is(symbolKey)) return undefined;
  const symbol = scan.word();
  if (symbol === undefined || symbol === '') return undefined;
  if (type === typeOfTrade) return quickTrade(market, symbol, scan);
  if (type === typeOfQuote) return quickQuote(market, symbol, scan);
  const kind = barKinds.get(type);
  return kind && quickBar(kind, market, symbol, scan);
}

function quickTrade(market: Market, symbol: string, scan: JsonScan): Trade | undefined {
  const keys = key.trade;
  if (!scan.is(keys.id)) return undefined;
  const id = scan.digits();
  if (id === undefined || !scan.is(keys.exchange)) return undefined;
  const exchange = scan.letter();
  if (exchange === undefined || !scan.is(keys.price)) return undefined;
  const price = scan.number();
  if (price < 0 || !scan.is(keys.size)) return undefined;
  const size = scan.number();
  if (size < 0 || !scan.is(keys.conditions)) return undefined;
  const conditions = scan.texts();
  if (conditions === undefined || !scan.is(keys.tape)) return undefined;
  const tape = scan.letter();
  if (tape === undefined || !scan.is(keys.at)) return undefined;
  const at = scan.instant();
  if (at === undefined || !scan.is(closing)) return undefined;
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
  const keys = key.quote;
  if (!scan.is(keys.bidExchange)) return undefined;
  const bidExchange = scan.letter();
  if (bidExchange === undefined || !scan.is(keys.bidPrice)) return undefined;
  const bidPrice = scan.number();
  if (bidPrice < 0 || !scan.is(keys.bidSize)) return undefined;
  const bidSize = scan.number();
  if (bidSize < 0 || !scan.is(keys.askExchange)) return undefined;
  const askExchange = scan.letter();
  if (askExchange === undefined || !scan.is(keys.askPrice)) return undefined;
  const askPrice = scan.number();
  if (askPrice < 0 || !scan.is(keys.askSize)) return undefined;
  const askSize = scan.number();
  if (askSize < 0 || !scan.is(keys.conditions)) return undefined;
  const conditions = scan.texts();
  if (conditions === undefined || !scan.is(keys.tape)) return undefined;
  const tape = scan.letter();
  if (tape === undefined || !scan.is(keys.at)) return undefined;
  const at = scan.instant();
  if (at === undefined || !scan.is(closing)) return undefined;
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
  const keys = key.bar;
  if (!scan.is(keys.open)) return undefined;
  const open = scan.number();
  if (open < 0 || !scan.is(keys.high)) return undefined;
  const high = scan.number();
  if (high < 0 || !scan.is(keys.low)) return undefined;
  const low = scan.number();
  if (low < 0 || !scan.is(keys.close)) return undefined;
  const close = scan.number();
  if (close < 0 || !scan.is(keys.volume)) return undefined;
  const volume = scan.number();
  if (volume < 0 || !scan.is(keys.start)) return undefined;
  const start = scan.instant();
  if (start === undefined || !scan.is(keys.trades)) return undefined;
  const trades = scan.number();
  if (trades < 0 || !scan.is(keys.vwap)) return undefined;
  const vwap = scan.number();
  if (vwap < 0 || !scan.is(closing)) return undefined;
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
