import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MarketEvent } from '../../../../market/event.ts';
import { quote, status, trade } from '../../../helpers/events.ts';
import { testDatabase } from '../../../services/index.ts';
import { runIn } from './restartable.ts';
import { at, heard, lookInto, openRig, temporaryFolder } from './rig.ts';

const written = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

test('rows that cannot be stored are put aside with their reasons, and the rest of their batch is stored', async () => {
  await using database = await testDatabase();
  await runIn(database.url, 'ALTER TABLE websocket_data ADD CONSTRAINT cheap CHECK (price < 1000)');
  const folder = temporaryFolder();
  const rig = await openRig({ database: database.url, spool: { folder } });
  const poison = new Map<number, MarketEvent>([
    [3, trade(at(3), { symbol: 'NUL\0' })],
    [17, status(at(17), { message: 'also here: \0' })],
    [40, trade(at(40), { id: '40', price: 5000, conditions: ['@'] })],
    [41, trade(at(41), { symbol: Array.from({ length: 4000 }, (_, n) => n.toString(36)).join('') })],
    [99, trade(at(99), { trfId: 2 ** 40 })],
    [100, quote(at(100), { bidPrice: Number.NaN })],
  ]);
  const events = Array.from({ length: 120 }, (_, n) => poison.get(n) ?? trade(at(n), { id: String(n) }));
  void rig.store.take(heard(events));
  await rig.store.flush();
  await rig.store[Symbol.asyncDispose]();
  expect(rig.store.counts).toEqual({ stored: 115, known: 0, rejected: 5 });
  const { rows } = await lookInto(database.url);
  expect(await rows('SELECT count(*)::int FROM websocket_data')).toEqual([{ count: 115 }]);
  const file = join(folder, 'rejects.ndjson');
  expect(rig.happenings.filter(({ kind }) => kind === 'rejected')).toHaveLength(5);
  expect(rig.happenings).toContainEqual(expect.objectContaining({ kind: 'rejected', rows: 1, file }));
  expect(written(file)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ why: expect.stringMatching(/NUL/), row: expect.objectContaining({ symbol: 'NUL\0' }) }),
      expect.objectContaining({
        table: 'websocket_data',
        why: expect.stringMatching(/check constraint "cheap"/),
        row: expect.objectContaining({ event_id: '40', price: 5000, symbol: 'AAPL', conditions: ['@'], ordinal: 0 }),
      }),
      expect.objectContaining({ why: expect.stringMatching(/1099511627776 is no whole number of 32 bits/) }),
    ]),
  );
});
