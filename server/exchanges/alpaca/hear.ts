import type {
  Bar,
  BarKind,
  Cancel,
  Correction,
  Imbalance,
  Luld,
  Market,
  Nanos,
  News,
  Print,
  Quote,
  Status,
  TapeLetter,
  Trade,
} from '../../../market/event.ts';
import { minute } from '../../../market/nanos.ts';
import { unknownOfBar, unknownOfQuote, unknownOfTrade } from '../../../market/unknown.ts';
import { type Heard, heardIn, heardInJson, nonsense, type Reader, type Readers, type Said } from '../exchange.ts';
import { readPacked } from './msgpack-heard.ts';
import { MalformedMsgpack } from './msgpack-walk.ts';

/** Makes the ear of a stream, JSON or MessagePack by the first byte of a frame, whatever the upgrade asked for. */
export function ear(readers: Readers): (message: Buffer) => readonly Heard[] {
  return (message) => {
    if ((message[0] ?? 0) < 0x80) return heardInJson(message, 'T', readers);
    let frame: unknown;
    try {
      frame = readPacked(message);
    } catch (error) {
      if (!(error instanceof MalformedMsgpack)) throw error;
      return [nonsense];
    }
    return heardIn(frame, 'T', readers);
  };
}

/** Control messages (sheet §3). */
const answers = ['success', 'error', 'subscription'].map((type): [string, 'answer'] => [type, 'answer']);

const tapes: readonly TapeLetter[] = ['A', 'B', 'C', 'O'];
const tapeOf = (said: Said): TapeLetter | undefined => tapes.find((letter) => letter === said.maybeText('z'));

const common = (said: Said, market: Market): { market: Market; symbol: string; at: Nanos } => ({
  market,
  symbol: said.text('S'),
  at: said.time('t'),
});

const unsaid = {
  sequence: undefined,
  participantAt: undefined,
  trfId: undefined,
  trfAt: undefined,
  taker: undefined,
} as const;

function trade(said: Said): Trade {
  return {
    kind: 'trade',
    ...common(said, 'stocks'),
    id: said.id('i'),
    price: said.number('p'),
    size: said.number('s'),
    exchange: said.maybeText('x'),
    conditions: said.texts('c'),
    tape: tapeOf(said),
    ...unsaid,
    ...unknownOfTrade,
  };
}

function quote(said: Said): Quote {
  return { ...sides(said, 'stocks'), conditions: said.texts('c'), tape: tapeOf(said) };
}

function sides(said: Said, market: Market): Quote {
  return {
    kind: 'quote',
    ...common(said, market),
    bidPrice: said.number('bp'),
    bidSize: said.number('bs'),
    bidExchange: said.maybeText('bx'),
    askPrice: said.number('ap'),
    askSize: said.number('as'),
    askExchange: said.maybeText('ax'),
    conditions: [],
    indicators: [],
    tape: undefined,
    sequence: undefined,
    participantAt: undefined,
    ...unknownOfQuote,
  };
}

/** A bar tells its start alone; it cannot have been published before its end, nor the day so far before the end of its first minute. */
function bar(kind: BarKind, market: Market): (said: Said) => Bar {
  return (said) => {
    const { symbol, at: start } = common(said, market);
    return {
      kind,
      market,
      symbol,
      at: start + minute,
      start,
      open: said.number('o'),
      high: said.number('h'),
      low: said.number('l'),
      close: said.number('c'),
      volume: said.number('v'),
      trades: said.number('n'),
      vwap: said.number('vw'),
      ...unknownOfBar,
    };
  };
}
const bars = (market: Market): [string, Reader][] => [
  ['b', bar('bar', market)],
  ['u', bar('updated-bar', market)],
  ['d', bar('daily-bar', market)],
];

function status(said: Said): Status {
  return {
    kind: 'status',
    ...common(said, 'stocks'),
    code: said.text('sc'),
    message: said.text('sm'),
    reasonCode: said.text('rc'),
    reasonMessage: said.text('rm'),
    tape: tapeOf(said),
  };
}

function luld(said: Said): Luld {
  return {
    kind: 'luld',
    ...common(said, 'stocks'),
    up: said.number('u'),
    down: said.number('d'),
    indicator: said.text('i'),
    tape: tapeOf(said),
    indicators: undefined,
    sequence: undefined,
  };
}

function imbalance(said: Said): Imbalance {
  return {
    kind: 'imbalance',
    ...common(said, 'stocks'),
    price: said.number('p'),
    pairedShares: said.maybeNumber('ps'),
    imbalanceShares: said.maybeNumber('is'),
    side: said.maybeText('side'),
    auction: said.maybeText('at'),
    tape: tapeOf(said),
    auctionTime: undefined,
    exchange: undefined,
    sequence: undefined,
  };
}

function correction(said: Said): Correction {
  const print = (side: 'o' | 'c'): Print => ({
    id: said.id(`${side}i`),
    price: said.number(`${side}p`),
    size: said.number(`${side}s`),
    conditions: said.texts(`${side}c`),
  });
  return {
    kind: 'correction',
    ...common(said, 'stocks'),
    exchange: said.maybeText('x'),
    original: print('o'),
    corrected: print('c'),
    tape: tapeOf(said),
  };
}

function cancel(said: Said): Cancel {
  return {
    kind: 'cancel',
    ...common(said, 'stocks'),
    id: said.id('i'),
    price: said.number('p'),
    size: said.number('s'),
    exchange: said.maybeText('x'),
    action: said.word('a', ['C', 'E']),
    tape: tapeOf(said),
  };
}

/** What the stock streams say (sheet §5). */
export const stockReaders: Readers = new Map<string, Reader | 'answer'>([
  ...answers,
  ['t', trade],
  ['q', quote],
  ...bars('stocks'),
  ['s', status],
  ['l', luld],
  ['i', imbalance],
  ['c', correction],
  ['x', cancel],
]);

/** What the crypto streams say (sheet §5). */
export const cryptoReaders: Readers = new Map<string, Reader | 'answer'>([
  ...answers,
  [
    't',
    (said) => ({
      ...trade(said),
      market: 'crypto',
      taker: said.has('tks') ? (said.word('tks', ['B', 'S']) === 'B' ? 'buy' : 'sell') : undefined,
    }),
  ],
  ['q', (said) => sides(said, 'crypto')],
  [
    'o',
    (said) => ({
      kind: 'book',
      ...common(said, 'crypto'),
      bids: said.parts('b').map((level) => ({ price: level.number('p'), size: level.number('s') })),
      asks: said.parts('a').map((level) => ({ price: level.number('p'), size: level.number('s') })),
      reset: said.truth('r'),
      exchange: undefined,
      receivedAt: undefined,
    }),
  ],
  ...bars('crypto'),
]);

/** Conditions of options are one text, a letter each (sheet §2.2). */
const letters = (said: Said): readonly string[] => (said.maybeText('c') ?? '').split('');

/** What the option streams say (sheet §5). Trades have no ids. */
export const optionReaders: Readers = new Map<string, Reader | 'answer'>([
  ...answers,
  [
    't',
    (said) => ({
      kind: 'trade',
      ...common(said, 'options'),
      id: '',
      price: said.number('p'),
      size: said.number('s'),
      exchange: said.maybeText('x'),
      conditions: letters(said),
      tape: undefined,
      ...unsaid,
      ...unknownOfTrade,
    }),
  ],
  ['q', (said) => ({ ...sides(said, 'options'), conditions: letters(said) })],
]);

/** An item is out when it was last published; it is of the market of the first of its symbols, which have no slash when they are stocks. */
function news(said: Said): News {
  const symbols = said.texts('symbols');
  const [symbol = ''] = symbols;
  const createdAt = said.time('created_at');
  const updatedAt = said.time('updated_at');
  const at = updatedAt > createdAt ? updatedAt : createdAt;
  return {
    kind: 'news',
    market: symbol.includes('/') ? 'crypto' : 'stocks',
    symbol,
    at,
    id: said.id('id'),
    headline: said.text('headline'),
    summary: said.text('summary'),
    author: said.text('author'),
    createdAt: createdAt === at ? undefined : createdAt,
    updatedAt,
    url: said.maybeText('url') ?? '',
    content: said.text('content'),
    symbols,
    source: said.text('source'),
  };
}
export const newsReaders: Readers = new Map<string, Reader | 'answer'>([...answers, ['n', news]]);
