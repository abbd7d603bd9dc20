import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Papertape } from '../../../server/index.ts';
import { testDatabase, type TestDatabase } from '../../services/index.ts';
import {
  ask,
  collect,
  hurried,
  lines,
  lively,
  playing,
  playsFor,
  type Rig,
  storeIn,
  amiss,
  nothing,
  symbols,
  temporaryFolder,
} from './rig.ts';

// Three vendors' clients live through the same bad five minutes, twenty times as fast, and store into one database.

const tape = lively(300);
const want = { trade: [...symbols], quote: [...symbols] };
const trades = { channels: ['trade' as const] };
const folder = temporaryFolder();
let database: TestDatabase;
let papertape: Papertape;
let rig: Rig;

beforeAll(async () => {
  database = await testDatabase();
  papertape = await playing(tape, 20, {
    timeline: [
      { id: 'crowd', at: '0s', for: 'run', times: 5, inject: { rejectRequest: { status: 429, retryAfter: '1s' } } },
      { id: 'reset', at: '20s', inject: { reset: {} } },
      { id: 'cut', at: '50s', inject: { hangUp: {} } },
      { id: 'away', at: '50s', for: '20s', inject: { refuseUpgrade: { status: 503 } } },
      { id: 'twice', at: '80s', for: '30s', inject: { duplicate: {} }, target: trades },
      { id: 'shuffled', at: '80s', for: '30s', inject: { reorder: { window: 8 } } },
      { id: 'goodbye', at: '120s', inject: { close: { code: 1000 } } },
      { id: 'mute', at: '150s', for: 'run', inject: { mute: {} }, target: { endpoint: 'alpaca', sessions: 'oldest' } },
      { id: 'deaf', at: '150s', for: 'run', inject: { mute: {} }, target: { endpoint: 'polygon', sessions: 'oldest' } },
      { id: 'again', at: '270s', inject: { reset: {} } },
    ],
  });
  const polygon = { vendor: 'polygon' as const, streamUrl: papertape.url, historyUrl: papertape.httpUrl };
  const alpaca = { vendor: 'alpaca' as const, streamUrl: papertape.url };
  rig = await collect(
    [
      hurried(papertape, { name: 'json', dataSource: 'json', want }),
      hurried(papertape, { name: 'msgpack', dataSource: 'msgpack', feed: { ...alpaca, encoding: 'msgpack' }, want }),
      hurried(papertape, { name: 'polygon', feed: { ...polygon, rowsPerRequest: 100 }, want }),
    ],
    storeIn(database.url, folder.folder),
  );
  await playsFor(papertape, rig);
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await papertape[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

test.each(['json', 'msgpack', 'polygon'])('of %s, each trade of the tape is stored once', async (name) => {
  await expect.poll(() => papertape.run.status.phase, { timeout: 30_000 }).toBe('ended');
  expect(await amiss(database.url, name, 'trade', lines(tape, 'trade'))).toEqual(nothing);
});

test.each(['json', 'msgpack', 'polygon'])(
  'of %s, each quote of the tape is stored as often as it was made',
  async (name) => {
    expect(await amiss(database.url, name, 'quote', lines(tape, 'quote'))).toEqual(nothing);
  },
);

test('all of it went wrong', async () => {
  const kinds = new Set(rig.kinds());
  expect([...kinds]).toEqual(expect.arrayContaining(['ended', 'gap', 'refill-delayed', 'refilled', 'refused']));
  expect(await ask(database.url, 'SELECT DISTINCT data_source FROM market_data ORDER BY 1')).toEqual(
    ['json-built', 'msgpack-built', 'polygon-built'].map((name) => ({ data_source: name })),
  );
});
