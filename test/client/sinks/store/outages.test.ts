import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Trade } from '../../../../market/event.ts';
import { trade } from '../../../helpers/events.ts';
import { testDatabase, type TestDatabase } from '../../../services/index.ts';
import { restartablePostgres, runIn } from './restartable.ts';
import { at, happens, heard, lookInto, openRig, temporaryFolder } from './rig.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(async () => await database[Symbol.asyncDispose]());

const trades = (from: number, count: number): Trade[] =>
  Array.from({ length: count }, (_, n) => trade(at(from + n), { id: String(from + n) }));
const ids = (from: number, count: number): string[] => Array.from({ length: count }, (_, n) => String(from + n));
const storedIds = async (url: string, dataSource = 'alpaca'): Promise<string[]> => {
  const { rows } = await lookInto(url);
  const found = await rows(`SELECT event_id FROM websocket_data WHERE data_source = '${dataSource}' ORDER BY id`);
  return found.map((row) => String(row['event_id']));
};

test('a server that fails and comes back in the middle of a stream has every trade once, in order', async () => {
  using server = restartablePostgres();
  const rig = await openRig({ database: server.url, rows: 10 });
  expect(rig.store.health().state).toBe('well');
  for (let n = 0; n < 40; n++) {
    if (n === 10) server.stop();
    if (n === 30) server.start();
    await rig.store.take(heard(trades(n * 10, 10)));
    await rig.store.flush();
    if (n === 20) {
      expect(rig.store.health()).toMatchObject({ state: 'ailing', pending: 110 });
      expect(rig.store.health().says).toMatch(/^database "postgres" at .* takes no rows: .*\. 110 rows wait on disk/);
    }
  }
  await happens(rig, 'back');
  await rig.store[Symbol.asyncDispose]();
  expect(rig.kinds()).toEqual(['migrated', 'away', 'back']);
  expect(await storedIds(server.url)).toEqual(ids(0, 400));
});

test('a connection that an administrator ends costs nothing', async () => {
  const rig = await openRig({ database: database.url, rows: 7 });
  const { rows } = await lookInto(database.url);
  for (let n = 0; n < 20; n++) {
    void rig.store.take(heard(trades(n * 10, 10), { dataSource: 'ended' }));
    await rig.store.flush();
    if (n % 5 === 0) {
      await rows(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'papertape store' AND datname = current_database()`,
      );
    }
  }
  await rig.store[Symbol.asyncDispose]();
  expect(rig.store.counts).toMatchObject({ stored: 200, rejected: 0 });
  expect((await storedIds(database.url, 'ended')).sort()).toEqual(ids(0, 200).sort());
});

test('a database that refuses to write is waited for', async () => {
  await using own = await testDatabase();
  const name = new URL(own.url).pathname.slice(1);
  await runIn(own.url, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
  const rig = await openRig({ database: own.url });
  void rig.store.take(heard(trades(0, 3)));
  await happens(rig, 'away');
  expect(rig.happenings[0]).toMatchObject({ why: expect.stringMatching(/read-only transaction/) });
  await runIn(
    own.url,
    'SET default_transaction_read_only = off',
    `ALTER DATABASE ${name} RESET default_transaction_read_only`,
  );
  await happens(rig, 'back');
  await rig.store[Symbol.asyncDispose]();
  expect(await storedIds(own.url)).toEqual(ids(0, 3));
});

test('when memory and disk are full the store asks for patience, and drops nothing', async () => {
  using server = restartablePostgres();
  const spool = { folder: temporaryFolder(), mostBytes: 3000, sync: 'append' } as const;
  const rig = await openRig({ database: server.url, rows: 5, memoryBytes: 2000, spool });
  await rig.store.take(heard(trades(0, 5)));
  await rig.store.flush();
  server.stop();
  let taken = 5;
  let patience: Promise<void> | undefined;
  for (; patience === undefined || rig.store.health().state !== 'failing'; taken += 5) {
    patience = rig.store.take(heard(trades(taken, 5)));
    await new Promise(setImmediate);
  }
  expect(rig.kinds()).toContain('no-room');
  expect(rig.store.health().says).toMatch(/Nothing more is taken, because .* \(spool\.mostBytes\)\.$/);
  server.start();
  await patience;
  await rig.store.flush();
  await rig.store[Symbol.asyncDispose]();
  expect(await storedIds(server.url)).toEqual(ids(0, taken));
});

test('a database that was never there is waited for on disk, and the next client brings it all', async () => {
  const folder = temporaryFolder();
  const secret = 's3cret';
  const nowhere = `postgres://bot:${secret}@127.0.0.1:1/market`;
  const first = await openRig({ database: nowhere, spool: { folder } });
  void first.store.take(heard(trades(0, 30), { dataSource: 'late' }));
  await first.store.flush();
  await expect(first.store.lastStored('late', 'trade', ['AAPL'])).rejects.toThrow('ECONNREFUSED');
  await first.store[Symbol.asyncDispose]();
  expect(first.kinds()).toEqual(['away', 'kept']);
  expect(JSON.stringify([first.happenings, first.store.health()])).not.toContain(secret);

  const next = await openRig({ database: database.url, spool: { folder } });
  expect(next.happenings).toEqual([{ kind: 'left-over', rows: 30 }]);
  await next.store.flush();
  expect(next.store.counts).toEqual({ stored: 30, known: 0, rejected: 0 });
  await next.store[Symbol.asyncDispose]();
  expect(await storedIds(database.url, 'late')).toEqual(ids(0, 30));
});

test('without a spool, memory alone waits', async () => {
  using server = restartablePostgres();
  const rig = await openRig({ database: server.url, spool: 'none', rows: 5, memoryBytes: 1500 });
  server.stop();
  void rig.store.take(heard(trades(0, 5)));
  const patience = rig.store.take(heard(trades(5, 5)));
  expect(patience).toBeInstanceOf(Promise);
  await happens(rig, 'away');
  expect(rig.store.health().state).toBe('failing');
  server.start();
  await patience;
  await rig.store[Symbol.asyncDispose]();
  expect(await storedIds(server.url)).toEqual(ids(0, 10));
});
