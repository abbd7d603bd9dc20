import { PGlite } from '@electric-sql/pglite';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate, MigrationError, type Database } from '../../migrations/index.ts';
import { databaseOn, testDatabase } from '../services/index.ts';

type Row = Record<string, unknown>;
interface Subject extends AsyncDisposable {
  readonly target: Database;
  readonly query: (sql: string) => Promise<Row[]>;
}

async function overTheWire(open: () => Promise<AsyncDisposable & { url: string }>): Promise<Subject> {
  const database = await open();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  return {
    target: database.url,
    query: async (sql) => (await client.query<Row>(sql)).rows,
    [Symbol.asyncDispose]: async () => {
      await client.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function inProcess(): Promise<Subject> {
  const target = await PGlite.create();
  return {
    target,
    query: async (sql) => (await target.query<Row>(sql)).rows,
    [Symbol.asyncDispose]: async () => await target.close(),
  };
}

// A TimescaleDB joins the list where somebody has one: PAPERTAPE_TIMESCALE_URL=postgres://…
const timescale = process.env['PAPERTAPE_TIMESCALE_URL'];
const databases: [string, string, () => Promise<Subject>][] = [
  ['PostgreSQL', 'partitions', async () => await overTheWire(async () => await testDatabase('empty'))],
  ['PGlite', 'partitions', inProcess],
  ...(timescale === undefined
    ? []
    : [
        [
          'TimescaleDB',
          'timescaledb',
          async () => await overTheWire(async () => await databaseOn(timescale)),
        ] satisfies [string, string, () => Promise<Subject>],
      ]),
];

describe.each(databases)('on %s', (_name, storage, open) => {
  let subject: Subject;
  let query: Subject['query'];
  beforeAll(async () => {
    subject = await open();
    ({ query } = subject);
  });
  afterAll(async () => await subject[Symbol.asyncDispose]());

  const minute = (at: string, dataSource: string, close = 10): string =>
    `INSERT INTO market_data (symbol, timestamp, open, high, low, close, volume, trade_count, vwap, data_source)
     VALUES ('AAPL', '${at}', 9, ${close + 1}, 8, ${close}, 3000000000, 2, ${close}, '${dataSource}')`;
  const event = (at: string, ordinal: number, dataSource = 'alpaca'): string =>
    `INSERT INTO websocket_data (symbol, timestamp, nanos, channel, data_source, event_key, ordinal, price, size)
     VALUES ('AAPL', '${at}', 789, 'trade', '${dataSource}', 'V/1', ${ordinal}, 231.47, 100)`;

  test('migrating reports every file once, and a second time nothing', async () => {
    const first = await migrate(subject.target);
    expect(first).toMatchObject({ before: 0, storage: expect.stringContaining(storage) });
    expect(first.applied[0]).toBe('0000_tables.sql');
    expect(await migrate(subject.target)).toEqual({ ...first, applied: [], before: first.applied.length });
  });

  test('a replayed bar stands beside the real one, and a second copy of either is refused', async () => {
    await query(minute('2026-07-01T14:30:00Z', 'alpaca'));
    await query(minute('2026-07-01T14:30:00Z', 'recycled', 11));
    await expect(query(minute('2026-07-01T14:30:00Z', 'recycled'))).rejects.toThrow(/duplicate key/);
    expect(await query('SELECT data_source, close, volume FROM market_data ORDER BY data_source')).toEqual([
      { data_source: 'alpaca', close: 10, volume: 3_000_000_000 },
      { data_source: 'recycled', close: 11, volume: 3_000_000_000 },
    ]);
    expect(await query("SELECT 1 AS there FROM pg_indexes WHERE indexname = 'idx_market_data_source'")).not.toEqual([]);
  });

  test('equal-looking trades of one nanosecond survive, the same trade heard again does not', async () => {
    await query(event('2026-07-01T14:30:00.123456Z', 0));
    await query(event('2026-07-01T14:30:00.123456Z', 1));
    await query(event('2026-07-01T14:30:00.123456Z', 0, 'recycled'));
    await query(`${event('2026-07-01T14:30:00.123456Z', 0)} ON CONFLICT DO NOTHING`);
    await expect(query(event('2026-07-01T14:30:00.123456Z', 1))).rejects.toThrow(/duplicate key/);
    expect(
      await query(
        `SELECT data_source, ordinal, nanos, (extract(epoch FROM timestamp) * 1000000)::bigint::text AS micros
         FROM websocket_data ORDER BY timestamp, nanos, id`,
      ),
    ).toMatchObject([
      { data_source: 'alpaca', ordinal: 0, nanos: 789, micros: '1782916200123456' },
      { data_source: 'alpaca', ordinal: 1 },
      { data_source: 'recycled', ordinal: 0 },
    ]);
  });

  test('hourly and daily bars follow from the minutes, per origin, in New York days', async () => {
    await query(minute('2013-01-02T23:59:00Z', 'rollup', 10));
    await query(minute('2013-01-03T00:30:00Z', 'rollup', 12));
    const columns = 'open, high, low, close, volume, trade_count::int AS trades, vwap';
    expect(await query(`SELECT ${columns} FROM market_data_daily WHERE data_source = 'rollup'`)).toEqual([
      { open: 9, high: 13, low: 8, close: 12, volume: 6_000_000_000, trades: 4, vwap: 11 },
    ]);
    expect(
      await query(`SELECT ${columns} FROM market_data_hourly WHERE data_source = 'rollup' ORDER BY bucket`),
    ).toEqual([
      { open: 9, high: 11, low: 8, close: 10, volume: 3_000_000_000, trades: 2, vwap: 10 },
      { open: 9, high: 13, low: 8, close: 12, volume: 3_000_000_000, trades: 2, vwap: 12 },
    ]);
  });

  test('an old month gets a place of its own without losing a row, and can be dropped', async () => {
    await query(minute('2001-02-28T23:59:59Z', 'old'));
    await query(minute('2001-03-01T00:00:00Z', 'old'));
    const [added] = await query("SELECT papertape_add_partition('market_data', '2001-02-10T00:00:00Z') AS added");
    expect(added).toEqual({ added: storage === 'partitions' });
    expect(await query("SELECT papertape_add_partition('market_data', '2001-02-20T00:00:00Z') AS added")).toEqual([
      { added: false },
    ]);
    expect(await query("SELECT count(*)::int AS n FROM market_data WHERE data_source = 'old'")).toEqual([{ n: 2 }]);
    await query("SELECT papertape_drop_before('market_data', '2001-03-01T00:00:00Z')");
    // A hypertable's chunks are 30 days, not months, so it may hold both rows in one chunk that is not old enough.
    const left = await query(
      "SELECT timestamp < '2001-03-01T00:00:00Z' AS old FROM market_data WHERE data_source = 'old'",
    );
    expect(left).toContainEqual({ old: false });
    expect(left.length).toBeLessThanOrEqual(storage === 'partitions' ? 1 : 2);
  });

  test('live ticks get their spread, and health its time', async () => {
    await query(
      "INSERT INTO realtime_market_data (symbol, timestamp, bid, ask, last, data_source) VALUES ('EUR/USD', now(), 1.5, 2, 1.75, 'twelvedata')",
    );
    await query("SELECT papertape_add_partition('realtime_market_data', now() + interval '1 year')");
    expect(await query('SELECT spread, volume FROM realtime_market_data')).toEqual([{ spread: 0.5, volume: null }]);
    await query("INSERT INTO system_health (service, status) VALUES ('collector', 'ok')");
    expect(await query('SELECT timestamp <= now() AS past FROM system_health')).toEqual([{ past: true }]);
  });
});

test('two migrations at once do the work once', async () => {
  await using database = await testDatabase('empty');
  const reports = await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
  expect(reports.filter(({ applied }) => applied.length > 0)).toHaveLength(1);
  expect(reports.filter(({ before }) => before > 0)).toHaveLength(2);
});

test('a failed migration names the database, the file and the way out, and leaves nothing behind', async () => {
  await using database = await testDatabase('empty');
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query('CREATE TABLE tapes (mine text)');
  const error = await migrate(database.url).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(MigrationError);
  expect(String(error)).toMatch(
    /migrations\/0000_tables\.sql, statement \d+ of \d+, failed in database "papertape_\w+".*"tapes" already exists.*rename it/,
  );
  const { rows } = await client.query("SELECT to_regclass('market_data') AS made");
  await client.end();
  expect(rows).toEqual([{ made: null }]);
});

test('an unreachable database is named without its password', async () => {
  await expect(migrate('postgres://me:hunter2@127.0.0.1:1/market')).rejects.toThrow(
    /^Cannot reach database "market" at me@127\.0\.0\.1:1: .*ECONNREFUSED/,
  );
  await expect(migrate('hunter2')).rejects.not.toThrow(/hunter2/);
});
