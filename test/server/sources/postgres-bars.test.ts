import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MarketEvent } from '../../../market/event.ts';
import { postgres } from '../../../server/sources/postgres/index.ts';
import { writeTape } from '../../../server/sources/postgres/write.ts';
import { bar, opening, trade } from '../../helpers/events.ts';
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

const minute = 60_000_000_000n;
const endless = new AbortController().signal;
const open = (dataSource: string) =>
  postgres.open(postgres.options.parse({ url: database.url, dataSource }), { directory: '.', seed: 1 });
async function played(dataSource: string, selection = {}): Promise<MarketEvent[]> {
  const events: MarketEvent[] = [];
  for await (const page of open(dataSource).pages(selection, endless)) events.push(...page);
  return events;
}
const rows = async (sql: string): Promise<object[]> => (await admin.query<Record<string, unknown>>(sql)).rows;

test('minute bars are found in market_data by a plain query, and play with everything they said', async () => {
  const details = { dayVolume: 7e9, dayOpen: 230.5, dayVwap: 231.25, averageSize: 59, turnover: undefined, otc: true };
  const tape = [
    trade(opening + minute),
    // Published a little after the minute, each symbol in its own time and not in the order of names.
    bar('bar', opening, opening + minute + 1_000_001n, { symbol: 'MSFT' }),
    bar('bar', opening, opening + minute + 1_000_002n, { symbol: 'AAPL', ...details }),
    bar('bar', opening, opening + minute + 1_000_002n, { symbol: 'AAA', trades: 0 }),
    bar('updated-bar', opening, opening + minute + 30_000_000_000n, { volume: 18_500 }),
    bar('bar', opening + minute, opening + 2n * minute),
  ];
  expect(await writeTape(database.url, [tape], { dataSource: 'recorded' })).toEqual({ written: 6, alreadyThere: 0 });
  const where = "FROM market_data WHERE data_source = 'recorded' AND timeframe = '1m'";
  expect(
    await rows(
      `SELECT symbol, close, trade_count::int AS trades ${where} AND timestamp = '2026-07-01T14:30Z' ORDER BY 1`,
    ),
  ).toEqual([
    { symbol: 'AAA', close: 231.47, trades: 0 },
    { symbol: 'AAPL', close: 231.47, trades: 311 },
    { symbol: 'MSFT', close: 231.47, trades: 311 },
  ]);
  expect(await rows("SELECT channel FROM websocket_data WHERE data_source = 'recorded' ORDER BY 1")).toEqual([
    { channel: 'trade' },
    { channel: 'updated-bar' },
  ]);
  expect(await played('recorded')).toStrictEqual(tape);
  const from = opening + minute + 1_000_002n;
  expect(await played('recorded', { from, to: opening + 2n * minute })).toStrictEqual(tape.slice(2, 5));
  expect(await played('recorded', { to: from })).toStrictEqual(tape.slice(0, 2));
  const held = (await open('recorded').survey(endless)).holdings.filter(({ channel }) => channel === 'bar');
  expect(held.map(({ symbol, events, from: first, to }) => [symbol, events, first - opening, to - opening])).toEqual([
    ['AAA', 1, minute + 1_000_002n, minute + 1_000_002n],
    ['AAPL', 2, minute + 1_000_002n, 2n * minute],
    ['MSFT', 1, minute + 1_000_001n, minute + 1_000_001n],
  ]);
  expect(await writeTape(database.url, [tape], { dataSource: 'recorded' })).toEqual({ written: 0, alreadyThere: 6 });
});

test('a bar that is not as market_data has them is kept whole: another of its minute, a late one, a five-minute one', async () => {
  const first = bar('bar', opening, opening + minute);
  const tape = [
    first,
    first,
    bar('bar', opening, opening + minute, { close: 1 }),
    bar('bar', opening + 1n, opening + minute + 1n),
    bar('bar', opening, opening + 2n * minute),
    bar('bar', opening, opening + 5n * minute),
  ];
  expect(await writeTape(database.url, [tape], { dataSource: 'odd' })).toEqual({ written: 6, alreadyThere: 0 });
  expect(await rows("SELECT count(*)::int AS n FROM market_data WHERE data_source = 'odd'")).toEqual([{ n: 1 }]);
  const again = await played('odd');
  expect(again).toHaveLength(6);
  expect(again).toEqual(expect.arrayContaining(tape));
  expect(await writeTape(database.url, [tape], { dataSource: 'odd' })).toEqual({ written: 0, alreadyThere: 6 });
});

test('events of any date are stored, in a partition of their month that was made for them', async () => {
  const dates = ['1971-03-04T15:00:00Z', '2026-07-01T15:00:00Z', '2099-12-31T23:59:00Z'];
  const tape = dates.flatMap((date) => {
    const at = BigInt(Date.parse(date)) * 1_000_000n;
    return [trade(at), bar('bar', at, at + minute)];
  });
  expect(await writeTape(database.url, [tape], { dataSource: 'ages' })).toEqual({ written: 6, alreadyThere: 0 });
  expect(await played('ages')).toStrictEqual(tape);
  const place = 'tableoid::regclass::text AS place, count(*)::int AS n FROM';
  const own = "WHERE data_source = 'ages' GROUP BY 1 ORDER BY 1";
  expect(await rows(`SELECT ${place} market_data ${own}`)).toEqual(
    ['197103', '202607', '209912'].map((month) => ({ place: `market_data_${month}`, n: 1 })),
  );
  expect(await rows(`SELECT ${place} websocket_data ${own}`)).toEqual(
    ['197103', '202607', '209912'].map((month) => ({ place: `websocket_data_${month}`, n: 1 })),
  );
});
