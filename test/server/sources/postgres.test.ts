import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MarketEvent } from '../../../market/event.ts';
import { postgres } from '../../../server/sources/postgres/index.ts';
import { writeTape } from '../../../server/sources/postgres/write.ts';
import { pageSize, TapeError, type Source } from '../../../server/sources/source.ts';
import { opening, quote, trade } from '../../helpers/events.ts';
import { testDatabase, type TestDatabase } from '../../services/index.ts';

let database: TestDatabase;
let admin: Client;
beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.url });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await database[Symbol.asyncDispose]();
});

const open = (options: object): Source =>
  postgres.open(postgres.options.parse({ url: database.url, ...options }), { directory: '.', seed: 1 });
const endless = new AbortController().signal;

async function eventsOf(tape: Source): Promise<MarketEvent[]> {
  const events: MarketEvent[] = [];
  for await (const page of tape.pages({}, endless)) events.push(...page);
  return events;
}
const bar = async (start: string, dataSource: string, timeframe = '1m'): Promise<void> =>
  void (await admin.query(
    `INSERT INTO market_data (symbol, timestamp, open, high, low, close, volume, timeframe, data_source)
     VALUES ('SPY', $1, 10, 12, 9, 11, 3000000000, $2, $3)`,
    [start, timeframe, dataSource],
  ));

test('a bar of market_data plays when its bucket ends, after the trades of that instant', async () => {
  await bar('2026-07-01T14:30:00Z', 'mixed');
  await bar('2026-07-01T14:31:00Z', 'mixed');
  await bar('2026-07-01T14:30:00Z', 'mixed', '1d');
  const trades = [59n, 60n, 61n].map((second) => trade(opening + second * 1_000_000_000n, { id: String(second) }));
  await writeTape(database.url, [trades], { dataSource: 'mixed' });
  const events = await eventsOf(open({ dataSource: 'mixed' }));
  expect(events.map(({ kind, at }) => `${kind} ${(at - opening) / 1_000_000_000n}`)).toEqual([
    'trade 59',
    'trade 60',
    'bar 60',
    'trade 61',
    'bar 120',
  ]);
  expect(events[2]).toMatchObject({
    symbol: 'SPY',
    start: opening,
    volume: 3_000_000_000,
    trades: 0,
    market: 'stocks',
  });
  expect(await eventsOf(open({ dataSource: 'mixed', table: 'market_data', timeframe: '1d' }))).toMatchObject([
    { kind: 'daily-bar', at: opening + 86_400_000_000_000n },
  ]);
  expect((await eventsOf(open({ dataSource: 'mixed', table: 'websocket_data' }))).length).toBe(3);
});

test('a survey tells first and last instant and the count of every symbol and kind', async () => {
  await writeTape(
    database.url,
    [[trade(opening + 1n), trade(opening + 999n), quote(opening + 1000n), trade(opening + 2001n)]],
    { dataSource: 'surveyed' },
  );
  await bar('2026-07-01T14:30:00Z', 'surveyed');
  const common = { symbol: 'AAPL', market: 'stocks' };
  expect(await open({ dataSource: 'surveyed' }).survey(endless)).toEqual({
    holdings: [
      { ...common, channel: 'quote', events: 1, from: opening + 1000n, to: opening + 1000n },
      { ...common, channel: 'trade', events: 3, from: opening + 1n, to: opening + 2001n },
      {
        ...common,
        symbol: 'SPY',
        channel: 'bar',
        events: 1,
        from: opening + 60_000_000_000n,
        to: opening + 60_000_000_000n,
      },
    ],
  });
  expect(await open({ dataSource: 'nobody' }).survey(endless)).toEqual({ holdings: [] });
  expect(await eventsOf(open({ dataSource: 'nobody' }))).toEqual([]);
});

test(
  '300,000 rows wait in the database while the deck is paused, and an abort closes the connection',
  { timeout: 60_000 },
  async () => {
    await admin.query(
      `INSERT INTO websocket_data (timestamp, symbol, channel, data_source, event_key, price, size, event_id)
     SELECT '2026-07-02T00:00:00Z'::timestamptz + i * interval '1 ms', 'AAPL', 'trade', 'long', i::text, 1 + i % 100, 1, i::text
     FROM generate_series(1, 300000) AS i`,
    );
    const stop = new AbortController();
    const pages = open({ dataSource: 'long' }).pages({}, stop.signal)[Symbol.asyncIterator]();
    const first = await pages.next();
    expect(first.value).toHaveLength(pageSize);
    // The server can only stand in ClientWrite when no buffer between it and us takes any more.
    await expect.poll(async () => await readers(), { timeout: 10_000 }).toEqual(['ClientWrite']);
    stop.abort();
    expect(await pages.next()).toEqual({ value: undefined, done: true });
    await expect.poll(async () => await readers(), { timeout: 10_000 }).toEqual([]);

    let [read, last] = [0, 0n];
    for await (const page of open({ dataSource: 'long' }).pages({}, endless)) {
      for (const { at } of page) {
        if (at <= last) throw new Error(`row ${read} is out of order`);
        last = at;
        read++;
      }
    }
    expect(read).toBe(300_000);
  },
);

test('leaving a reading early closes its connection too', async () => {
  for await (const page of open({ dataSource: 'long' }).pages({}, endless)) {
    expect(page.length).toBe(pageSize);
    break;
  }
  await expect.poll(async () => await readers(), { timeout: 10_000 }).toEqual([]);
});

test('a reading cannot write, whatever the table turns out to be', async () => {
  await using empty = await testDatabase('empty');
  const client = new Client({ connectionString: empty.url });
  await client.connect();
  await client.query(`
    CREATE TABLE touched (at timestamptz);
    CREATE FUNCTION touch() RETURNS text LANGUAGE sql VOLATILE AS $$ INSERT INTO touched VALUES (now()); SELECT 'AAPL' $$;
    CREATE VIEW market_data AS SELECT now() AS timestamp, touch() AS symbol, 'stocks' AS market, '1m' AS timeframe,
      'a' AS data_source, 1 AS open, 1 AS high, 1 AS low, 1 AS close, 1 AS volume, 1 AS trade_count, 1 AS vwap,
      0 AS delay_ns, NULL::jsonb AS detail, 0 AS arrival`);
  await expect(eventsOf(open({ url: empty.url, table: 'market_data' }))).rejects.toThrow(/read-only transaction/);
  expect((await client.query('SELECT * FROM touched')).rowCount).toBe(0);
  await client.end();
});

test('every failure names the database and the way out, and never the password', async () => {
  await using empty = await testDatabase('empty');
  const url = new URL(empty.url);
  url.password = 'hunter2';
  const failure = async (given: string, table?: string): Promise<string> => {
    const error = await eventsOf(open({ url: given, ...(table === undefined ? {} : { table }) })).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(TapeError);
    const text = String(error);
    expect(text).not.toContain('hunter2');
    return text;
  };
  expect(await failure(url.href)).toMatch(/no table websocket_data and no table market_data.*papertape db migrate/);
  expect(await failure(url.href, 'websocket_data')).toMatch(
    /database "papertape_\w+".*"websocket_data" does not exist.*papertape db migrate/,
  );
  expect(await failure('postgres://me:hunter2@127.0.0.1:1/market')).toMatch(
    /database "market" at me@127\.0\.0\.1:1: .*ECONNREFUSED.*Is PostgreSQL running/,
  );
  url.pathname = '/nowhere';
  expect(await failure(url.href)).toMatch(/database "nowhere" does not exist.*createdb/);
  expect(() => open({ url: 'me:hunter2@nowhere' })).not.toThrow(/hunter2/);
  expect(() => open({ url: 'hunter2@nowhere' })).toThrow(/expected postgres:\/\//);

  const client = new Client({ connectionString: empty.url });
  await client.connect();
  await client.query('CREATE TABLE market_data (symbol text, timestamp timestamp, open float, volume integer)');
  await client.end();
  url.pathname = new URL(empty.url).pathname;
  expect(await failure(url.href, 'market_data')).toMatch(/column .* does not exist.*papertape db migrate/);
});

async function readers(): Promise<string[]> {
  const { rows } = await admin.query<{ wait_event: string }>(
    "SELECT coalesce(wait_event, '') AS wait_event FROM pg_stat_activity WHERE application_name = 'papertape tape' AND datname = current_database() AND query LIKE 'COPY%'",
  );
  return rows.map((row) => row.wait_event);
}

test('what a trade says beyond the columns plays again, and a row whose extras make no sense is refused by name', async () => {
  const one = trade(opening, { market: 'futures', symbol: 'ESZ6', session: '2026-07-01', reportSequence: 7 });
  await writeTape(database.url, [[one]], { dataSource: 'extras' });
  expect(await eventsOf(open({ dataSource: 'extras' }))).toStrictEqual([one]);
  await admin.query(`UPDATE websocket_data SET detail = '{"session":1}' WHERE data_source = 'extras'`);
  await expect(eventsOf(open({ dataSource: 'extras' }))).rejects.toThrow(
    /websocket_data has a trade of ESZ6 whose detail cannot be read: .*session/s,
  );
});

test('a row stored before its kind had a field plays, and does not know that field', async () => {
  const fields = { tape: undefined, indicators: undefined, sequence: undefined };
  const band: MarketEvent = {
    kind: 'luld',
    market: 'stocks',
    symbol: 'AAPL',
    at: opening,
    up: 9.5,
    down: 8.5,
    indicator: 'B',
    ...fields,
  };
  await writeTape(database.url, [[band]], { dataSource: 'older' });
  await admin.query(
    `UPDATE websocket_data SET detail = '{"up":9.5,"down":8.5,"indicator":"B","tape":null}' WHERE data_source = 'older'`,
  );
  expect(await eventsOf(open({ dataSource: 'older' }))).toStrictEqual([band]);
});
