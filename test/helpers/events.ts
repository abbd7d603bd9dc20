import type { Bar, BarKind, Book, Nanos, News, Price, Quote, Status, Trade } from '../../market/event.ts';
import { unknownOfBar, unknownOfQuote, unknownOfTrade } from '../../market/unknown.ts';

/** 2026-07-01T14:30:00Z, the instant from which made-up tapes start unless they say otherwise. */
export const opening: Nanos = 1_782_916_200_000_000_000n;

export function trade(at: Nanos, given: Partial<Trade> = {}): Trade {
  return {
    kind: 'trade',
    market: 'stocks',
    symbol: 'AAPL',
    at,
    id: '1',
    price: 231.47,
    size: 100,
    exchange: 'V',
    conditions: ['@'],
    tape: 'C',
    sequence: undefined,
    participantAt: undefined,
    trfId: undefined,
    trfAt: undefined,
    taker: undefined,
    ...unknownOfTrade,
    ...given,
  };
}

export function quote(at: Nanos, given: Partial<Quote> = {}): Quote {
  return {
    kind: 'quote',
    market: 'stocks',
    symbol: 'AAPL',
    at,
    bidPrice: 231.45,
    bidSize: 200,
    bidExchange: 'V',
    askPrice: 231.49,
    askSize: 100,
    askExchange: 'V',
    conditions: ['R'],
    indicators: [],
    tape: 'C',
    sequence: undefined,
    participantAt: undefined,
    ...unknownOfQuote,
    ...given,
  };
}

export function bar(kind: BarKind, start: Nanos, at: Nanos, given: Partial<Bar> = {}): Bar {
  return {
    kind,
    market: 'stocks',
    symbol: 'AAPL',
    at,
    start,
    open: 231.4,
    high: 231.52,
    low: 231.31,
    close: 231.47,
    volume: 18_422,
    trades: 311,
    vwap: 231.418733,
    ...unknownOfBar,
    ...given,
  };
}

export function status(at: Nanos, given: Partial<Status> = {}): Status {
  return {
    kind: 'status',
    market: 'stocks',
    symbol: 'AAPL',
    at,
    code: 'H',
    message: 'Trading Halt',
    reasonCode: 'T12',
    reasonMessage: 'Trading Halted; For information requested by NASDAQ',
    tape: 'C',
    ...given,
  };
}

export function book(at: Nanos, given: Partial<Book> = {}): Book {
  return {
    kind: 'book',
    market: 'crypto',
    symbol: 'BTC/USD',
    at,
    bids: [{ price: 64205.1, size: 0.8312 }],
    asks: [{ price: 64214.9, size: 1.66 }],
    reset: true,
    exchange: undefined,
    receivedAt: undefined,
    ...given,
  };
}

export function news(at: Nanos, given: Partial<News> = {}): News {
  return {
    kind: 'news',
    market: 'stocks',
    symbol: given.symbols?.[0] ?? 'AAPL',
    at,
    id: '24918784',
    headline: 'Example headline',
    summary: '',
    author: 'Desk',
    createdAt: undefined,
    updatedAt: at,
    url: 'https://example.com/n/24918784',
    content: '<p>Body</p>',
    symbols: ['AAPL'],
    source: 'benzinga',
    ...given,
  };
}

export function price(at: Nanos, given: Partial<Price> = {}): Price {
  return {
    kind: 'price',
    market: 'stocks',
    symbol: 'AAPL',
    at,
    price: 231.47,
    bidPrice: undefined,
    askPrice: undefined,
    dayVolume: undefined,
    exchange: undefined,
    mic: undefined,
    currency: undefined,
    baseCurrency: undefined,
    quoteCurrency: undefined,
    instrument: undefined,
    ...given,
  };
}
