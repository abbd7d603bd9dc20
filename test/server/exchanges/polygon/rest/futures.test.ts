import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../../../../../market/clock.ts';
import type { MarketEvent } from '../../../../../market/event.ts';
import { hour, minute, second } from '../../../../../market/nanos.ts';
import type { Papertape } from '../../../../../server/index.ts';
import { playToEnd, type Query, type Row } from '../../../../helpers/asker.ts';
import { opening, quote, trade } from '../../../../helpers/events.ts';
import { PolygonAsker } from '../../../../helpers/polygon-asker.ts';
import { serve } from '../../../../helpers/serve.ts';

// 2026-07-01T14:30:00Z is 09:30 in Chicago: the session began at 17:00 of 30 June there, and ends on 1 July.
const future = { market: 'futures', symbol: 'ESZ6', tape: undefined, conditions: [] } as const;
const session = { session: '2026-07-01' } as const;
const tape: readonly MarketEvent[] = [
  trade(opening - 16n * hour, { ...future, price: 6500, size: 10, sequence: 1 }),
  trade(opening - 10n * minute, { ...future, price: 6530, size: 4, sequence: 2 }),
  trade(opening, { ...future, ...session, price: 6540.25, size: 3, sequence: 3, reportSequence: 9 }),
  trade(opening + 500_000_000n, { ...future, price: 6541, size: 1, sequence: 4 }),
  quote(opening + second, { ...future, ...session, bidSize: 41, askSize: 37, bidAt: opening, askAt: opening + 5n, sequence: 5 }),
  trade(opening + minute, { ...future, price: 6539, size: 2, sequence: 6 }),
  trade(opening + 8n * hour, { ...future, price: 6550, size: 5, sequence: 7 }),
  trade(opening + 8n * hour + 5n * minute, { market: 'stocks', symbol: 'ESZ6', price: 1 }),
]; // prettier-ignore

let papertape: Papertape;
let asker: PolygonAsker;
beforeAll(async () => {
  const clock = new ManualClock(opening);
  const keys = [{ key: 'key' }, { key: 'free', plan: 'basic' }];
  papertape = await serve(tape, {}, { keys, endpoints: { polygon: { serverPing: 'off' } } }, clock);
  asker = new PolygonAsker(papertape);
  await playToEnd(papertape, clock);
});
afterAll(async () => papertape[Symbol.asyncDispose]());

const trades = async (query: Query): Promise<unknown[]> =>
  (await asker.rowsOf('/futures/v1/trades/ESZ6', query)).map(({ sequence_number: sequence }) => sequence);

test('trades and quotes have their numbers, their session and nanoseconds as digits', async () => {
  const { text } = await asker.ask('/futures/v1/trades/ESZ6', { timestamp: String(opening) });
  expect(text).toMatch(
    new RegExp(
      `^\\{"request_id":"[0-9a-f]{32}","results":\\[\\{"price":6540\\.25,"report_sequence":9,"sequence_number":3,"session_end_date":"2026-07-01","size":3,"ticker":"ESZ6","timestamp":${opening}\\}\\],"status":"OK"\\}$`,
    ),
  );
  expect(await asker.rowsOf('/futures/v1/quotes/ESZ6')).toEqual([
    {
      ask_price: 231.49,
      ask_size: 37,
      ask_timestamp: Number(opening + 5n),
      bid_price: 231.45,
      bid_size: 41,
      bid_timestamp: Number(opening),
      sequence_number: 5,
      session_end_date: '2026-07-01',
      ticker: 'ESZ6',
      timestamp: Number(opening + second),
    },
  ]);
});

test('trades come page by page in either order, of a session or between bounds', async () => {
  expect(await trades({ limit: 2 })).toEqual([7, 6, 4, 3, 2, 1]);
  expect(await trades({ limit: 2, sort: 'timestamp.asc' })).toEqual([1, 2, 3, 4, 6, 7]);
  expect(await trades({ session_end_date: '2026-07-01', limit: 4 })).toEqual([6, 4, 3, 2, 1]);
  expect(await trades({ session_end_date: '2026-07-02' })).toEqual([7]);
  expect(await trades({ 'timestamp.gt': String(opening), 'timestamp.lte': String(opening + minute) })).toEqual([6, 4]);
});

const candles = async (query: Query): Promise<readonly unknown[][]> =>
  (await asker.rowsOf('/futures/v1/aggs/ESZ6', query)).map((row: Row) =>
    ['window_start', 'open', 'close', 'volume', 'session_end_date'].map((name) => row[name]),
  );
const ns = (at: bigint): number => Number(at);

test('candles are those of the stream, newest first, with the session they belong to', async () => {
  const rows = await candles({ resolution: '1min', limit: 2 });
  expect(rows).toEqual([
    [ns(opening + 8n * hour), 6550, 6550, 5, '2026-07-02'],
    [ns(opening + minute), 6539, 6539, 2, '2026-07-01'],
    [ns(opening), 6540.25, 6541, 4, '2026-07-01'],
    [ns(opening - 10n * minute), 6530, 6530, 4, '2026-07-01'],
    [ns(opening - 16n * hour), 6500, 6500, 10, '2026-07-01'],
  ]);
  expect(await candles({ resolution: '1min', sort: 'window_start.asc', limit: 3 })).toEqual(rows.toReversed());
  const [hourly] = await asker.rowsOf('/futures/v1/aggs/ESZ6', {
    resolution: '1hour',
    window_start: String(opening + minute),
  });
  // 10 minutes before the opening is within the same hour.
  expect(hourly).toEqual({
    close: 6539,
    dollar_volume: 4 * 6530 + 3 * 6540.25 + 6541 + 2 * 6539,
    high: 6541,
    low: 6530,
    open: 6530,
    session_end_date: '2026-07-01',
    ticker: 'ESZ6',
    transactions: 4,
    volume: 10,
    window_start: ns(opening - 30n * minute),
  });
});

test('a session begins on the evening before the date it ends on, and is looked for there', async () => {
  const first = [ns(opening - 16n * hour - 30n * minute), 6500, 6539, 20, '2026-07-01'];
  const next = [ns(opening + 7n * hour + 30n * minute), 6550, 6550, 5, '2026-07-02'];
  expect(await candles({ resolution: '1session', limit: 1 })).toEqual([next, first]);
  expect(await candles({ resolution: '1session', window_start: '2026-06-30' })).toEqual([first]);
  expect(await candles({ resolution: '1session', 'window_start.gte': '2026-07-01' })).toEqual([next]);
  expect(await candles({ resolution: '30sec', window_start: String(opening + 7n * second) })).toEqual([
    [ns(opening), 6540.25, 6541, 4, '2026-07-01'],
  ]);
});

test('an unknown contract has none, and what is not known of is refused', async () => {
  expect(await asker.rowsOf('/futures/v1/trades/NQZ6')).toEqual([]);
  expect(await asker.rowsOf('/futures/v1/aggs/NQZ6')).toEqual([]);
  for (const resolution of ['60min', '2session', '1week', 'min']) {
    expect((await asker.ask('/futures/v1/aggs/ESZ6', { resolution })).status).toBe(400);
  }
  expect((await new PolygonAsker(papertape, 'free').ask('/futures/v1/quotes/ESZ6')).status).toBe(403);
});
