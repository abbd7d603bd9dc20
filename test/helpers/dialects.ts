import { z } from 'zod';
import { isBar, type Book, type MarketEvent, type Nanos } from '../../market/event.ts';
import type { Papertape } from '../../server/index.ts';
import type { Missed, Row } from '../../server/ledger.ts';
import { Asker } from './asker.ts';
import { type Element, iso, nameOfElement, nameOfRow } from './comer.ts';
import { PolygonAsker } from './polygon-asker.ts';

/** How clients of an exchange speak, and what tells one thing that they hear from another. */
export interface Dialect {
  path(key: string): string;
  /** Absent where the key came with the upgrade. */
  readonly login?: (key: string) => object;
  /** What can be asked for, each a channel and a symbol or `*`. */
  readonly topics: readonly string[];
  ask(action: 'subscribe' | 'unsubscribe', topics: readonly string[]): object;
  /** None of a frame that is broken. */
  elementsOf(payload: Buffer): readonly Element[];
  /** What the exchange says of the connection. */
  isWord(element: Element): boolean;
  isWelcome(element: Element): boolean;
  /** Of the tape, or made of it. */
  isRow(element: Element): boolean;
  topicOf(element: Element): string;
  /** The same of an element on the wire and of its row in the ledger. */
  nameOfElement(element: Element): string;
  nameOfRow(row: Row): string;
  /** Asks over HTTP for what was missed; returns whether it can be told there. */
  fetch(papertape: Papertape, key: string, missed: Missed): Promise<boolean>;
}

const object = z.record(z.string(), z.unknown());
const objects = z.array(object);

function readable(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const parts = (topic: string): readonly [channel: string, symbol: string] => {
  const [channel = '', symbol = ''] = topic.split(' ');
  return [channel, symbol];
};
const product = (channels: readonly string[], symbols: readonly string[]): string[] =>
  channels.flatMap((channel) => symbols.map((symbol) => `${channel} ${symbol}`));

const words: Readonly<Record<string, string>> = { t: 'trades', q: 'quotes', b: 'bars', u: 'updatedBars' };

export const alpaca: Dialect = {
  path: () => '/v2/iex',
  login: (key) => ({ action: 'auth', key, secret: 's' }),
  topics: product(Object.keys(words), ['AAPL', 'TRP', '*']),
  ask: (action, topics) => {
    const wishes = Object.entries(words).map(([letter, word]): [string, readonly string[]] => [
      word,
      topics.map(parts).flatMap(([channel, symbol]) => (channel === letter ? [symbol] : [])),
    ]);
    return { action, ...Object.fromEntries(wishes.filter(([, symbols]) => symbols.length > 0)) };
  },
  elementsOf: (payload) => objects.catch([]).parse(readable(payload)),
  isWord: ({ T }) => ['success', 'subscription', 'error'].includes(String(T)),
  isWelcome: ({ T, msg }) => T === 'success' && msg === 'authenticated',
  isRow: ({ T }) => Object.hasOwn(words, String(T)),
  topicOf: ({ T, S }) => `${String(T)} ${String(S)}`,
  nameOfElement,
  nameOfRow,
  fetch: async (papertape, key, { symbol, channel, from, to }) => {
    const asker = new Asker(papertape, { 'APCA-API-KEY-ID': key, 'APCA-API-SECRET-KEY': 's' });
    const span = { start: iso(from), end: iso(to), symbols: symbol };
    const what = `${channel}s`;
    await asker.rows(`/v2/stocks/${what}`, channel === 'bar' ? { ...span, timeframe: '1Min' } : span, what);
    return true;
  },
};

const millisOf = (at: Nanos): number => Number(at / 1_000_000n);
const events: Readonly<Record<string, string>> = {
  trade: 'XT',
  quote: 'XQ',
  book: 'XL2',
  bar: 'XA',
  'updated-bar': 'XA',
  'second-bar': 'XAS',
};
const sidesOf = ({ bids, asks }: Book): readonly unknown[] =>
  [bids, asks].map((side) => side.map(({ price, size }) => [price, size]));
function polygonDetail(event: MarketEvent): unknown {
  if (event.kind === 'trade') return event.id;
  if (event.kind === 'quote') return event.bidPrice;
  if (event.kind === 'book') return JSON.stringify(sidesOf(event));
  return isBar(event) ? [event.volume, event.close].join() : '';
}

export const polygon: Dialect = {
  path: () => '/crypto',
  login: (key) => ({ action: 'auth', params: key }),
  topics: product(['XT', 'XQ', 'XL2', 'XA', 'XAS'], ['BTC-USD', 'ETH-USD', '*']),
  ask: (action, topics) => ({ action, params: topics.map((topic) => parts(topic).join('.')).join() }),
  elementsOf: (payload) => objects.catch([]).parse(readable(payload)),
  isWord: ({ ev }) => ev === 'status',
  isWelcome: ({ ev, status }) => ev === 'status' && status === 'auth_success',
  isRow: ({ ev }) => Object.values(events).includes(String(ev)),
  topicOf: ({ ev, pair }) => `${String(ev)} ${String(pair)}`,
  nameOfElement: ({ ev, pair, t, s, i, bp, b, a, v, c }) =>
    [ev, pair, t ?? s, i ?? bp ?? (b === undefined ? [v, c].join() : JSON.stringify([b, a]))].join(' '),
  nameOfRow: ({ event, shift }) => {
    const at = millisOf((isBar(event) ? event.start : event.at) + shift);
    return [events[event.kind], event.symbol.replace('/', '-'), at, polygonDetail(event)].join(' ');
  },
  fetch: async (papertape, key, { symbol, channel, from, to }) => {
    const asker = new PolygonAsker(papertape, key);
    if (channel !== 'trade') return false;
    const span = { 'timestamp.gte': String(from), 'timestamp.lte': String(to) };
    await asker.rowsOf(`/v3/trades/X:${symbol.replace('/', '')}`, span);
    return true;
  },
};

export const twelveData: Dialect = {
  path: (key) => `/v1/quotes/price?apikey=${key}`,
  topics: product(['price'], ['AAPL', 'TRP', 'BTC/USD', 'ETH/USD']),
  ask: (action, topics) => ({ action, params: { symbols: topics.map((topic) => parts(topic)[1]).join() } }),
  elementsOf: (payload) =>
    object
      .array()
      .catch([])
      .parse([readable(payload)]),
  isWord: ({ event }) => ['subscribe-status', 'unsubscribe-status'].includes(String(event)),
  isWelcome: () => false,
  isRow: ({ event }) => event === 'price',
  topicOf: ({ symbol }) => `price ${String(symbol)}`,
  nameOfElement: ({ symbol, timestamp, price }) => [symbol, timestamp, price].join(' '),
  nameOfRow: ({ event, shift }) => {
    const price = event.kind === 'price' ? event.price : '';
    return [event.symbol, (event.at + shift) / 1_000_000_000n, price].join(' ');
  },
  // Its HTTP side tells bars and the last price.
  fetch: async () => false,
};
