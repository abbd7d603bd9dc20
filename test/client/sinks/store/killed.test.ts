import { spawn } from 'node:child_process';
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { testDatabase } from '../../../services/index.ts';
import { lookInto, openRig, temporaryFolder } from './rig.ts';

/** Runs a client until it said that so many trades are safe, and kills it. Returns how many it said last. */
async function killedAfter(safe: number, database: string, folder: string): Promise<number> {
  const victim = spawn(process.execPath, ['--import', 'tsx', 'test/client/sinks/store/victim.ts', database, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = 0;
  for await (const line of createInterface(victim.stdout)) {
    last = Number(line);
    if (last >= safe) victim.kill('SIGKILL');
  }
  return last;
}

test('a client that is killed leaves no trade twice, and loses none that it called safe', async () => {
  await using database = await testDatabase();
  const { rows } = await lookInto(database.url);
  const folder = temporaryFolder();
  const safe = await killedAfter(200, database.url, folder);
  const [found] = await rows('SELECT count(*)::int, count(DISTINCT event_id)::int AS ids FROM websocket_data');
  expect(found?.['count']).toBe(found?.['ids']);
  expect(found?.['count']).toBeGreaterThanOrEqual(safe);
});

test('what a killed client had on disk is stored by the next; its half-written end is told, and no row', async () => {
  await using database = await testDatabase();
  const { rows } = await lookInto(database.url);
  const folder = temporaryFolder();
  const safe = await killedAfter(100, 'postgres://127.0.0.1:1/nowhere', folder);
  const file = join(
    folder,
    readdirSync(folder)
      .filter((name) => name.endsWith('.rows'))
      .sort()
      .at(-1) ?? '',
  );
  appendFileSync(file, Buffer.from([0, 0, 1, 0, 9, 9, 9, 9, 0, 0, 0, 0, 0, 7]));
  const rig = await openRig({ database: database.url, spool: { folder } });
  await rig.store.flush();
  await rig.store[Symbol.asyncDispose]();
  expect(rig.happenings.slice(0, 2)).toMatchObject([{ kind: 'torn', file }, { kind: 'left-over' }]);
  const [found] = await rows(
    'SELECT count(*)::int, count(DISTINCT event_id)::int AS ids, max(event_id::int) AS last FROM websocket_data',
  );
  expect(found?.['count']).toBeGreaterThanOrEqual(safe);
  expect(found).toEqual({ count: found?.['count'], ids: found?.['count'], last: Number(found?.['count']) - 1 });
  expect(readdirSync(folder)).toEqual([]);
});

test('two clients do not share a spool folder', async () => {
  const folder = temporaryFolder();
  appendFileSync(join(folder, 'lock'), `${process.ppid}\n`);
  await expect(openRig({ database: 'postgres://127.0.0.1:1/nowhere', spool: { folder } })).rejects.toThrow(
    `${folder} belongs to process ${process.ppid}. Give each client a spool folder of its own.`,
  );
});
