import { afterEach, expect, test, vi } from 'vitest';
import { alpaca } from '../../../../client/feeds/alpaca/index.ts';
import type { StreamName } from '../../../../client/feeds/alpaca/streams.ts';
import { type Feed, wantsOf } from '../../../../client/feeds/feed.ts';
import type { MarketEvent } from '../../../../market/event.ts';
import { eventKey } from '../../../../market/identity.ts';
import { hour, minute, second } from '../../../../market/nanos.ts';
import type { Papertape } from '../../../../server/index.ts';
import { bar, book, news, opening, quote, status, trade } from '../../../helpers/events.ts';
import { FeedCaller, fetchAll } from '../../../helpers/feed-caller.ts';
import { serve } from '../../../helpers/serve.ts';

// The feed at one end, our exchange at the other, and between them nothing but the vendor's protocol.

const key = { id: 'key', secret: 'secret' };
const open: (Disposable | AsyncDisposable)[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) {
    if (Symbol.asyncDispose in one) await one[Symbol.asyncDispose]();
    else one[Symbol.dispose]();
  }
});

/** The end of a minute, at which the feed takes its bar to be published. */
const ended = (minutes: bigint) => [opening + (minutes - 1n) * minute, opening + minutes * minute] as const;
const stocks: readonly MarketEvent[] = [
  trade(opening + 1n, { id: '52983525033527', price: 0.1, conditions: [] }),
  trade(opening + 123_456_789n, { id: '9223372036854775807', price: 231.4753, size: 3, conditions: ['@', 'T', 'I'] }),
  trade(opening + 123_456_789n, { id: '2', price: 231.4753, exchange: 'K', tape: 'A' }),
  quote(opening + second, { bidPrice: 0, bidSize: 0, symbol: 'BRK.B' }),
  quote(opening + 2n * second, { conditions: ['R', 'F'], askExchange: 'P', tape: 'B' }),
  status(opening + 3n * second),
  {
    kind: 'luld',
    market: 'stocks',
    symbol: 'AAPL',
    at: opening + 4n * second,
    up: 240.5,
    down: 220.5,
    indicator: 'B',
    tape: 'C',
    indicators: undefined,
    sequence: undefined,
  },
  {
    kind: 'correction',
    market: 'stocks',
    symbol: 'AAPL',
    at: opening + 5n * second,
    exchange: 'V',
    tape: 'C',
    original: { id: '2', price: 231.4753, size: 100, conditions: ['@'] },
    corrected: { id: '3', price: 231.48, size: 200, conditions: ['@', '7'] },
  },
  {
    kind: 'cancel',
    market: 'stocks',
    symbol: 'AAPL',
    at: opening + 6n * second,
    id: '3',
    price: 231.48,
    size: 200,
    exchange: 'V',
    action: 'C',
    tape: 'C',
  },
  bar('bar', ...ended(1n)),
  bar('bar', ...ended(1n), { symbol: 'MSFT', volume: 15 }),
  bar('updated-bar', ...ended(1n), { close: 231.41, trades: 312 }),
  trade(opening + 2n * minute, { id: '77' }),
  bar('bar', ...ended(2n), { vwap: 231.1 }),
];
const coin = { market: 'crypto', symbol: 'BTC/USD' } as const;
const plain = { exchange: undefined, conditions: [], tape: undefined };
const coins: readonly MarketEvent[] = [
  trade(opening, { ...coin, ...plain, id: '4611730215998423040', price: 64211.5, size: 0.00417, taker: 'buy' }),
  quote(opening + 1n, {
    ...coin,
    conditions: [],
    tape: undefined,
    bidExchange: undefined,
    askExchange: undefined,
    bidSize: 0.8312,
  }),
  book(opening + 2n),
  book(opening + 3n, { reset: false, bids: [{ price: 64204, size: 0 }], asks: [] }),
  bar('bar', ...ended(1n), { ...coin, volume: 0.10241, trades: 7, vwap: 64203.9412 }),
];
const contract = { market: 'options', symbol: 'AAPL260918C00230000' } as const;
const contracts: readonly MarketEvent[] = [
  trade(opening + 500_000_000n, {
    ...contract,
    id: '',
    price: 6.35,
    size: 2,
    exchange: 'C',
    conditions: ['I'],
    tape: undefined,
  }),
  quote(opening + 600_000_001n, {
    ...contract,
    bidExchange: 'C',
    askExchange: 'A',
    conditions: ['A'],
    tape: undefined,
  }),
];
const items: readonly MarketEvent[] = [
  news(opening, { symbols: ['AAPL', 'MSFT'], headline: 'Ünüsual "news" \\ 株', summary: 'short' }),
  news(opening + minute, { createdAt: opening, content: '<p>changed</p>' }),
];

async function serving(events: readonly MarketEvent[]): Promise<Papertape> {
  const papertape = await serve(events, { speed: 'max' }, { endpoints: { alpaca: {} } });
  open.push(papertape);
  return papertape;
}

function feedOf(papertape: Papertape, stream: StreamName, more: object = {}): Feed {
  return alpaca.feed(alpaca.options.parse({ vendor: 'alpaca', stream, streamUrl: papertape.url, ...more }));
}

async function caller(feed: Feed): Promise<FeedCaller> {
  // A star is refused for quotes of options.
  const symbols = feed.market === 'options' ? [contract.symbol] : ['*'];
  const all = wantsOf(feed.channels.map((channel) => [channel, symbols]));
  const calling = await FeedCaller.call(feed, key, all);
  open.push(calling);
  return calling;
}

const byKind = (events: readonly MarketEvent[]) =>
  events.toSorted((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));

test.each([
  ['sip', 'json', stocks],
  ['sip', 'msgpack', stocks],
  ['crypto/us', 'json', coins],
  ['crypto/us', 'msgpack', coins],
  ['options/opra', 'msgpack', contracts],
  ['news', 'json', items],
  ['news', 'msgpack', items],
] as const)('every event of a tape is heard on %s in %s as it is', async (stream, encoding, events) => {
  const papertape = await serving(events);
  const calling = await caller(feedOf(papertape, stream, { encoding }));
  papertape.run.play();
  await vi.waitFor(() => expect(papertape.run.status.phase).toBe('ended'), { timeout: 20_000 });
  const heard = await calling.hasHeard(events.length);
  // The exchange makes daily bars of its own, which no tape holds, and sends what is published at one instant in an order of its own.
  expect(byKind(heard.filter(({ kind }) => kind !== 'daily-bar'))).toEqual(byKind(events));
  expect(calling.ear.notices.filter(({ kind }) => kind === 'unreadable')).toEqual([]);
});

test.each([
  ['sip', 'trade', stocks],
  ['sip', 'quote', stocks],
  ['sip', 'bar', stocks],
  ['crypto/us', 'trade', coins],
  ['crypto/us', 'quote', coins],
  ['crypto/us', 'bar', coins],
  ['options/opra', 'trade', contracts],
  ['news', 'news', items],
] as const)('on %s the history of %s tells the very events that the stream told', async (stream, channel, events) => {
  const papertape = await serving(events);
  const calling = await caller(feedOf(papertape, stream));
  papertape.run.play();
  await vi.waitFor(() => expect(papertape.run.status.phase).toBe('ended'), { timeout: 20_000 });
  const live = (await calling.hasHeard(events.length)).filter(({ kind }) => kind === channel);
  const history = alpaca.history(alpaca.options.parse({ vendor: 'alpaca', stream, streamUrl: papertape.url }));
  const symbols = [...new Set(live.map(({ symbol }) => symbol))];
  const ask = { channel, symbols, from: opening, to: opening + hour };
  const past = (await fetchAll(history, ask, key)).flat();
  expect(past.map(identity).sort()).toEqual(live.map(identity).sort());
  expect(live.length).toBeGreaterThan(0);
});

const identity = (event: MarketEvent): string =>
  `${event.market} ${event.symbol} ${event.kind} ${event.at} ${eventKey(event)}`;
