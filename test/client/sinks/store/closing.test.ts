import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Trade } from '../../../../market/event.ts';
import { trade } from '../../../helpers/events.ts';
import { testDatabase } from '../../../services/index.ts';
import { at, heard, lookInto, openRig, temporaryFolder } from './rig.ts';

const trades = (from: number, count: number): Trade[] =>
  Array.from({ length: count }, (_, n) => trade(at(from + n), { id: String(from + n) }));

/** A way to a database that can fall silent without hanging up, as a machine does that is frozen or cut off. */
async function silentWay(database?: string): Promise<{ readonly url: string; silence(): void }> {
  const sockets = new Set<Socket>();
  let isSilent = database === undefined;
  const target = new URL(database ?? 'postgres://postgres@localhost/market');
  const server = createServer((near) => {
    sockets.add(near.on('error', () => undefined).resume());
    if (isSilent) return;
    const host = target.searchParams.get('host');
    const far = host === null ? connect(Number(target.port), target.hostname) : connect(`${host}/.s.PGSQL.5432`);
    sockets.add(far.on('error', () => undefined));
    near.on('data', (bytes) => isSilent || far.write(bytes));
    far.on('data', (bytes) => isSilent || near.write(bytes));
    near.on('close', () => far.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `postgres://${target.username}@127.0.0.1:${port}${target.pathname}`,
    silence: () => void (isSilent = true),
  };
}

test('a server that never answers does not delay the end: what is left is on disk, and told', async () => {
  const { url } = await silentWay();
  const rig = await openRig({ database: url, closing: '20ms' });
  void rig.store.take(heard(trades(0, 30)));
  await rig.store[Symbol.asyncDispose]();
  expect(rig.happenings).toMatchObject([
    { kind: 'away', why: expect.stringMatching(/takes no rows: there was no more time$/) },
    { kind: 'kept', rows: 30 },
  ]);
});

test('a server that falls silent under a client that ends has every trade once, after the next client', async () => {
  await using database = await testDatabase();
  const way = await silentWay(database.url);
  const spool = { folder: temporaryFolder() };
  const first = await openRig({ database: way.url, closing: '20ms', spool });
  void first.store.take(heard(trades(0, 10)));
  await first.store.flush();
  way.silence();
  void first.store.take(heard(trades(10, 10)));
  await first.store[Symbol.asyncDispose]();
  expect(first.happenings.at(-1)).toEqual({ kind: 'kept', rows: 10 });

  const next = await openRig({ database: database.url, spool });
  await next.store.flush();
  await next.store[Symbol.asyncDispose]();
  const { rows } = await lookInto(database.url);
  const stored = await rows('SELECT event_id FROM websocket_data ORDER BY id');
  expect(stored.map((row) => Number(row['event_id']))).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

test('an idle line to a server that has fallen silent is cut', async () => {
  await using database = await testDatabase();
  const way = await silentWay(database.url);
  const rig = await openRig({ database: way.url });
  void rig.store.take(heard(trades(0, 10)));
  await rig.store.flush();
  way.silence();
  await rig.store[Symbol.asyncDispose]();
  expect(rig.kinds()).toEqual([]);
});
