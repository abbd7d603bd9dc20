import { afterAll, beforeAll, expect, test } from 'vitest';
import { minute, second } from '../../../../market/nanos.ts';
import type { MarketEvent } from '../../../../market/event.ts';
import { unknownOfPrice } from '../../../../market/unknown.ts';
import { postgres } from '../../../../server/sources/postgres/index.ts';
import { bar, book, news, opening, quote, status, trade } from '../../../helpers/events.ts';
import { testDatabase, type TestDatabase } from '../../../services/index.ts';
import { at, heard, lookInto, openRig } from './rig.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(async () => await database[Symbol.asyncDispose]());

const played = async (dataSource: string): Promise<MarketEvent[]> => {
  const tape = postgres.open(postgres.options.parse({ url: database.url, dataSource }), { directory: '.', seed: 1 });
  const events: MarketEvent[] = [];
  for await (const page of tape.pages({}, new AbortController().signal)) events.push(...page);
  return events;
};

test('what a stream said is in the database, and plays again as a tape, equal to the nanosecond', async () => {
  const events = [
    trade(at(1), { id: '7', trfId: 3, trfAt: at(0), participantAt: at(-5), conditions: ['@', 'I'], sequence: 12 }),
    trade(at(2), { symbol: 'BTC/USD', market: 'crypto', id: '8', size: 0.000001, taker: 'buy', exchange: undefined, tape: undefined, conditions: [], receivedAt: at(3) }),
    quote(at(999), { indicators: [604, 1], askExchange: 'Ω' }),
    quote(at(1000)),
    status(at(1001)),
    book(at(1002)),
    news(at(1003), { symbols: ['AAPL', 'MSFT'], headline: 'Quarterly “results” \u{1F4C8}' }),
    bar('bar', opening, opening + minute, { dayVolume: 9_000_000_000 }),
  ]; // prettier-ignore
  const { store } = await openRig({ database: database.url });
  void store.take(heard(events, { dataSource: 'all kinds' }));
  await store.flush();
  expect(store.health()).toEqual({ state: 'well', says: '', pending: 0 });
  expect(store.counts).toEqual({ stored: 8, known: 0, rejected: 0 });
  await store[Symbol.asyncDispose]();
  expect(await played('all kinds')).toEqual(events);
});

test('what is heard twice is stored once: by the stream, and by history after it', async () => {
  const { store } = await openRig({ database: database.url });
  const events = Array.from({ length: 50 }, (_, n) => trade(at(n), { id: String(n) }));
  for (const origin of ['stream', 'stream', 'history', 'history'] as const) {
    void store.take(heard(events, { origin, dataSource: 'twice' }));
    await store.flush();
  }
  void store.take(heard([trade(at(99), { id: '99' }), ...events], { dataSource: 'twice' }));
  await store[Symbol.asyncDispose]();
  expect(store.counts).toEqual({ stored: 51, known: 200, rejected: 0 });
  expect(await played('twice')).toHaveLength(51);
});

test('replayed rows stand beside real ones', async () => {
  const { store } = await openRig({ database: database.url });
  const events = [trade(at(1), { symbol: 'BOTH' }), bar('bar', opening, opening + minute, { symbol: 'BOTH' })];
  void store.take(heard(events, { dataSource: 'alpaca' }));
  void store.take(heard(events, { dataSource: 'recycled', heardAt: opening + minute }));
  await store[Symbol.asyncDispose]();
  const { rows } = await lookInto(database.url);
  expect(await rows("SELECT data_source FROM websocket_data WHERE symbol = 'BOTH' ORDER BY 1")).toEqual([
    { data_source: 'alpaca' },
    { data_source: 'recycled' },
  ]);
  expect(await rows("SELECT data_source FROM market_data WHERE symbol = 'BOTH' ORDER BY 1")).toHaveLength(2);
});

test('live prices tick in realtime_market_data, several in a second, each once', async () => {
  const price = (value: number, more: object = {}): MarketEvent => ({
    kind: 'price', market: 'forex', symbol: 'EUR/USD', at: opening, price: value,
    bidPrice: value - 0.01, askPrice: value + 0.01, dayVolume: undefined, ...unknownOfPrice, ...more,
  }); // prettier-ignore
  const first = await openRig({ database: database.url });
  void first.store.take(heard([price(1.17), price(1.18), price(1.17)], { dataSource: 'twelvedata' }));
  await first.store[Symbol.asyncDispose]();
  // A client that was restarted within the second hears the last price again, and a new one.
  const again = await openRig({ database: database.url });
  void again.store.take(heard([price(1.18), price(1.19)], { dataSource: 'twelvedata' }));
  await again.store[Symbol.asyncDispose]();
  const { rows } = await lookInto(database.url);
  expect(await rows('SELECT last, round(spread::numeric, 2)::float8 AS spread FROM realtime_market_data ORDER BY last')).toEqual(
    [1.17, 1.17, 1.18, 1.19].map((last) => ({ last, spread: 0.02 })),
  ); // prettier-ignore
});

test('a restart learns where each symbol ended', async () => {
  const { store } = await openRig({ database: database.url });
  const dataSource = "it's \\ rare";
  void store.take(
    heard(
      [
        trade(at(5), { symbol: 'A' }),
        trade(at(1234), { symbol: 'A', id: '2' }),
        trade(opening - minute, { symbol: "O'B" }),
        quote(opening + minute, { symbol: 'A' }),
        bar('updated-bar', opening, opening + minute + second, { symbol: 'A' }),
      ],
      { dataSource },
    ),
  );
  await store.flush();
  expect(await store.lastStored(dataSource, 'trade', ['A', "O'B", 'C', '*'])).toEqual(
    new Map([
      ['A', at(1234)],
      ["O'B", opening - minute],
      ['*', at(1234)],
    ]),
  );
  expect(await store.lastStored(dataSource, 'bar', ['A'])).toEqual(new Map([['A', opening + minute + second]]));
  expect(await store.lastStored(dataSource, 'price', ['A', '*'])).toEqual(new Map());
  await store[Symbol.asyncDispose]();
});

test('months that nobody foresaw get their partitions', async () => {
  const { store } = await openRig({ database: database.url });
  void store.take(
    heard([trade(opening - 3_000n * 86_400n * second), trade(opening + 400n * 86_400n * second, { id: '2' })]),
  );
  await store[Symbol.asyncDispose]();
  const { rows } = await lookInto(database.url);
  expect(
    await rows(
      "SELECT tableoid::regclass::text AS place FROM websocket_data WHERE symbol = 'AAPL' AND data_source = 'alpaca' ORDER BY timestamp",
    ),
  ).toEqual([{ place: 'websocket_data_201804' }, { place: 'websocket_data_202708' }]);
});
