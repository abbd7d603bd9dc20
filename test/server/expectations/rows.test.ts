import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Trade } from '../../../market/event.ts';
import { second } from '../../../market/nanos.ts';
import type { Row } from '../../../server/ledger.ts';
import { trade } from '../../helpers/events.ts';
import { judged, ledgerOf } from '../../helpers/journal.ts';
import { testDatabase, type TestDatabase } from '../../services/index.ts';

const start = BigInt(Date.parse('2026-07-01T13:30:00Z')) * 1_000_000n;
const rowOf = (id: number, more: Partial<Trade> = {}, shift = 0n): Row => ({
  event: { ...trade(start + BigInt(id) * 1_234_567n), id: String(id), price: 187.31, size: id, ...more },
  shift,
  sent: 1,
  fetched: false,
});
const owed = [1, 2, 3].map((id) => rowOf(id));
const kept = (row: Row): Record<string, unknown> => {
  if (row.event.kind !== 'trade') throw new TypeError('only trades are kept here');
  const { symbol, id, price, size, at } = row.event;
  return { symbol, at: String(at + row.shift), id, price, size };
};

const sorted = (ids: readonly number[]): string => String(ids.toSorted((left, right) => left - right));

let directory = '';
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'papertape-posted-'))));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const posted = async (text: string, options: object = {}, ledger = ledgerOf({ rows: owed })) => {
  writeFileSync(join(directory, 'out.ndjson'), text);
  const { outcome, expected, seen } = await judged({
    must: { posted: { file: 'out.ndjson', ...options } },
    lines: [],
    ledger,
    directory,
  });
  return { outcome, expected, seen };
};
const ndjson = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const all = owed.map(kept);
const first = 'symbol AAPL, id 1, at 2026-07-01T13:30:00.001234Z, price 187.31, size 1';

test.each<[string, readonly object[], object, string, string]>([
  ['all of them', all, {}, 'met', '3 rows'],
  ['all of them in another order', all.toReversed(), {}, 'met', '3 rows'],
  ['one too few', all.slice(1), {}, 'unmet', `2 rows there: 1 row missing, first ${first}`],
  ['one twice', [...all, all[0] ?? {}], {}, 'unmet', `4 rows there: 1 row too many of those owed, first ${first}`],
  ['one twice where that is fine', [...all, all[0] ?? {}], { exactlyOnce: false }, 'met', '4 rows'],
  [
    'one twice and one too few',
    [...all.slice(0, 2), all[1] ?? {}],
    {},
    'unmet',
    '3 rows there: 1 row missing, first symbol AAPL, id 3, at 2026-07-01T13:30:00.003703Z, price 187.31, size 3; 1 row too many of those owed, first symbol AAPL, id 2, at 2026-07-01T13:30:00.002469Z, price 187.31, size 2',
  ],
  [
    'one that nobody was owed',
    [...all, { ...all[0], id: '9' }],
    {},
    'unmet',
    '4 rows there: 1 row that nobody was owed, first symbol AAPL, id 9, at 2026-07-01T13:30:00.001234Z, price 187.31, size 1',
  ],
  [
    'a price that is a cent off',
    [...all.slice(1), { ...all[0], price: 187.32 }],
    {},
    'unmet',
    `3 rows there: 1 row missing, first ${first}; 1 row that nobody was owed, first ${first.replace('187.31', '187.32')}`,
  ],
  [
    'rows of another kind too',
    [...all.map((row) => ({ ...row, T: 't' })), { T: 'q' }],
    { where: { T: 't' } },
    'met',
    '3 rows',
  ],
  [
    'times as ISO text',
    all.map((row, id) => ({ ...row, at: `2026-07-01T13:30:00.00${['1234', '2469', '3703'][id]}Z` })),
    {},
    'met',
    '3 rows',
  ],
  [
    'times in milliseconds',
    all.map((row, id) => ({ ...row, at: Number(start / 1_000_000n) + [1, 2, 3][id]! })),
    { epoch: 'ms', precision: 'ms' },
    'met',
    '3 rows',
  ],
  [
    'times in milliseconds, though microseconds are asked for',
    all.map((row, id) => ({ ...row, at: Number(start / 1_000_000n) + [1, 2, 3][id]! })),
    { epoch: 'ms' },
    'unmet',
    `3 rows there: 3 rows missing, first ${first}; 3 rows that nobody was owed, first ${first.replace('.001234', '.001')}`,
  ],
  [
    'names of its own',
    all.map(({ symbol, at }) => ({ S: symbol, t: at })),
    { columns: { symbol: 'S', at: 't' } },
    'met',
    '3 rows',
  ],
])('a file with %s', async (_, rows, options, outcome, seen) => {
  expect(await posted(ndjson(rows), options)).toMatchObject({ outcome, seen });
});

test('a file that is missing or no NDJSON is told, with its line', async () => {
  const missing = await judged({ must: { posted: { file: 'none.ndjson' } }, lines: [], ledger: ledgerOf(), directory });
  expect(missing).toMatchObject({ outcome: 'unmet', seen: 'none.ndjson: there is no such file' });
  expect((await posted(`${ndjson(all)}{"at":`)).seen).toMatch(/^out\.ndjson:4: is not JSON: /);
  expect((await posted('[1]\n')).seen).toBe('out.ndjson:1: is not a JSON object');
  expect((await posted('{"symbol":"AAPL","at":"noon"}\n')).seen).toBe(
    'out.ndjson:1: at is "noon", which is not a time',
  );
  expect((await posted('{"symbol":"AAPL","at":"1","price":"dear"}\n')).seen).toBe(
    'out.ndjson:1: price is "dear", which is not a number',
  );
});

test('equal trades are as many rows as there were trades; what two clients were both owed is one row', async () => {
  const twin = [rowOf(1), rowOf(1)];
  expect(await posted(ndjson(twin.map(kept)), {}, ledgerOf({ rows: twin }))).toMatchObject({ outcome: 'met' });
  expect(await posted(ndjson([kept(rowOf(1))]), {}, ledgerOf({ rows: twin }))).toMatchObject({ outcome: 'unmet' });
  const both = ledgerOf({ rows: owed }, { client: 'B', rows: owed.slice(1) });
  expect(await posted(ndjson(all), {}, both)).toMatchObject({
    outcome: 'met',
    expected: '3 rows of the ledger in out.ndjson, exactly once',
  });
});

test('whoever was owed nothing has kept nothing exactly once, which shows nothing', async () => {
  expect(await posted('', {}, ledgerOf())).toMatchObject({ outcome: 'unmet', seen: 'the client was owed no such row' });
});

test('times are those of the wire: moved as they were sent', async () => {
  const moved = owed.map((row) => ({ ...row, shift: 3600n * second }));
  expect(await posted(ndjson(moved.map(kept)), {}, ledgerOf({ rows: moved }))).toMatchObject({ outcome: 'met' });
  expect(await posted(ndjson(all), {}, ledgerOf({ rows: moved }))).toMatchObject({ outcome: 'unmet' });
});

test('a file is right exactly when it has the rows owed, whatever is lost, doubled or moved about', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 8 }),
      async (due, there) => {
        const verdict = await posted(
          ndjson(there.map((id) => kept(rowOf(id)))),
          {},
          ledgerOf({ rows: due.map((id) => rowOf(id)) }),
        );
        expect(verdict.outcome).toBe(sorted(due) === sorted(there) ? 'met' : 'unmet');
      },
    ),
    { numRuns: 100 },
  );
});

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(async () => await database[Symbol.asyncDispose]());

async function inDatabase(...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
const stored = async (options: object) => {
  const { outcome, seen } = await judged({
    must: { store: { url: database.url, ...options } },
    lines: [],
    ledger: ledgerOf({ rows: owed }),
  });
  return { outcome, seen };
};
const own = { table: 'bot trades', columns: { symbol: 'Ticker', at: 'ts', price: 'px', size: 'qty' } };

test('a table of the client’s own holds each row exactly once', async () => {
  const values = [
    "'AAPL', '2026-07-01 13:30:00.001234+00', 187.3100, 1",
    "'AAPL', '2026-07-01 15:30:00.002469+02', 187.31, 2",
  ];
  await inDatabase(
    'CREATE TABLE "bot trades" ("Ticker" text, ts timestamptz, px numeric(12,4), qty real)',
    `INSERT INTO "bot trades" VALUES ${values.map((row) => `(${row})`).join(', ')}`,
  );
  expect(await stored(own)).toEqual({
    outcome: 'unmet',
    seen: '2 rows there: 1 row missing, first symbol AAPL, at 2026-07-01T13:30:00.003703Z, price 187.31, size 3',
  });
  await inDatabase(`INSERT INTO "bot trades" VALUES ('AAPL', '2026-07-01 13:30:00.003703+00', 187.31, 3)`);
  expect(await stored(own)).toEqual({ outcome: 'met', seen: '3 rows' });
  await inDatabase(`INSERT INTO "bot trades" VALUES ('AAPL', '2026-07-01 13:30:00.003703+00', 187.31, 3)`);
  expect(await stored(own)).toMatchObject({ outcome: 'unmet' });
  expect(await stored({ ...own, exactlyOnce: false })).toMatchObject({ outcome: 'met' });
});

test('the tables of papertape are known, to the nanosecond, and other origins are left out', async () => {
  const row = (source: string, id: number, micros: string, nanos: number) =>
    `INSERT INTO websocket_data (timestamp, nanos, symbol, channel, data_source, event_key, event_id, price, size) VALUES ('2026-07-01 13:30:00.${micros}+00', ${nanos}, 'AAPL', 'trade', '${source}', '${id}', '${id}', 187.31, ${id})`;
  await inDatabase(
    row('alpaca', 1, '001234', 567),
    row('alpaca', 2, '002469', 134),
    row('alpaca', 3, '003703', 701),
    row('polygon', 7, '5', 0),
  );
  expect(await stored({ dataSource: 'alpaca', precision: 'ns' })).toEqual({ outcome: 'met', seen: '3 rows' });
  expect(await stored({ precision: 'ns' })).toMatchObject({ outcome: 'unmet' });
  expect(await stored({ where: { data_source: "x' OR '1'='1" } })).toMatchObject({
    seen: expect.stringMatching(/^0 rows there: 3 rows missing/),
  });
});

test('a table or a database that is not there is told without the password', async () => {
  expect((await stored({ ...own, table: 'nowhere' })).seen).toMatch(
    /^nowhere cannot be compared: relation "nowhere" does not exist/,
  );
  const url = 'postgres://bot:s3cret@127.0.0.1:1/market';
  const standing = await judged({ must: { store: { url } }, lines: [], ledger: ledgerOf({ rows: owed }) });
  expect(standing.seen).toMatch(/cannot be compared: .*ECONNREFUSED/);
  expect(JSON.stringify({ ...standing })).not.toContain('s3cret');
});
