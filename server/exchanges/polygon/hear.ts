import type { Bar, FairValue, Market, Nanos, Quote, Trade } from '../../../market/event.ts';
import { milli, minute, second } from '../../../market/nanos.ts';
import { unknownOfBar, unknownOfQuote, unknownOfTrade } from '../../../market/unknown.ts';
import { type Heard, heardInJson, type Reader, type Readers, type Said } from '../exchange.ts';
import { conditionCode, exchangeCode, tapeLetter } from './codes.ts';
import { neutralSymbol, unprefixedSymbol } from './symbols.ts';

/** Makes the ear of a cluster: one array of JSON a frame, each message with its `ev` (sheet §2). */
export function ear(readers: Iterable<readonly [string, Reader]>): (message: Buffer) => readonly Heard[] {
  const all: Readers = new Map<string, Reader | 'answer'>([['status', 'answer'], ...readers]);
  return (message) => heardInJson(message, 'ev', all);
}

/** Times of most messages are milliseconds (sheet §5). */
export const millis = (said: Said, name: string): Nanos => said.since1970(name, milli);
export const maybeMillis = (said: Said, name: string): Nanos | undefined => said.maybeSince1970(name, milli);

/** Who published it, as tapes spell it. */
export function venue(said: Said, name: string, market: Market): string | undefined {
  const id = said.maybeNumber(name);
  return id === undefined ? undefined : exchangeCode(market, id);
}

/** What the trades of all clusters have in common; each adds what is its own. */
export function trade(said: Said, market: Market, ticker: 'sym' | 'pair'): Trade {
  const tape = tapeLetter(said.maybeNumber('z'));
  return {
    kind: 'trade',
    market,
    symbol: neutralSymbol(market, said.text(ticker)),
    at: millis(said, 't'),
    id: said.has('i') ? said.id('i') : '',
    price: said.number('p'),
    // The decimal text has the fraction that the whole number lost (sheet §5, `ds`).
    size: said.has('ds') ? said.decimal('ds') : said.number('s'),
    exchange: venue(said, 'x', market),
    conditions: said.numbers('c').map((id) => conditionCode(market, id, tape)),
    tape,
    sequence: said.maybeNumber('q'),
    participantAt: maybeMillis(said, 'pt'),
    trfId: said.maybeNumber('trfi'),
    trfAt: maybeMillis(said, 'trft'),
    taker: undefined,
    ...unknownOfTrade,
  };
}

/** The same of quotes. */
export function quote(said: Said, market: Market, ticker: 'sym' | 'pair'): Quote {
  return {
    kind: 'quote',
    market,
    symbol: neutralSymbol(market, said.text(ticker)),
    at: millis(said, 't'),
    bidPrice: said.number('bp'),
    bidSize: said.number('bs'),
    bidExchange: venue(said, 'bx', market),
    askPrice: said.number('ap'),
    askSize: said.number('as'),
    askExchange: venue(said, 'ax', market),
    conditions: [],
    indicators: [],
    tape: undefined,
    sequence: said.maybeNumber('q'),
    participantAt: undefined,
    ...unknownOfQuote,
  };
}

/** Bars that are told by second or by minute; a minute that comes again is told alike (sheet §5). */
export function bar(said: Said, kind: 'second-bar' | 'bar', market: Market, symbol: string): Bar {
  const start = millis(said, 's');
  const [high, low, close] = [said.number('h'), said.number('l'), said.number('c')];
  const volume = said.has('dv') && market === 'stocks' ? said.decimal('dv') : (said.maybeNumber('v') ?? 0);
  const mean = said.maybeNumber('z');
  return {
    kind,
    market,
    symbol,
    at: start + (kind === 'bar' ? minute : second),
    start,
    open: said.number('o'),
    high,
    low,
    close,
    volume,
    // Only the mean size is told, rounded down: its count of trades is the nearest that the wire gives back.
    trades: said.maybeNumber('n') ?? (mean === undefined || mean <= 0 ? 0 : Math.max(1, Math.round(volume / mean))),
    // Forex and indices tell no such price; tapes have the mean of the three in its place, as importers do.
    vwap: said.maybeNumber('vw') ?? Number(((high + low + close) / 3).toPrecision(12)),
    ...unknownOfBar,
    dayVolume: said.has('dav') && market === 'stocks' ? said.decimal('dav') : said.maybeNumber('av'),
    dayOpen: said.maybeNumber('op'),
    dayVwap: said.maybeNumber('a'),
    averageSize: mean,
    otc: said.truth('otc') ? true : undefined,
  };
}

export const barReader =
  (kind: 'second-bar' | 'bar', market: Market, ticker: 'sym' | 'pair') =>
  (said: Said): Bar =>
    bar(said, kind, market, neutralSymbol(market, said.text(ticker)));

/** Fair market values, in nanoseconds as documented (sheet §5). */
export const fairValue =
  (market: Market) =>
  (said: Said): FairValue => ({
    kind: 'fair-value',
    market,
    symbol: unprefixedSymbol(market, said.text('sym')),
    at: said.since1970('t', 1n),
    value: said.number('fmv'),
  });
