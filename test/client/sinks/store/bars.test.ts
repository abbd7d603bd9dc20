import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Batch } from '../../../../client/batch.ts';
import { minute, second } from '../../../../market/nanos.ts';
import { bar, opening } from '../../../helpers/events.ts';
import { testDatabase, type TestDatabase } from '../../../services/index.ts';
import { heard, lookInto, openRig } from './rig.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(async () => await database[Symbol.asyncDispose]());

const end = opening + minute;
/** A statement on the first minute, heard so many seconds after its end; its close names it. */
const says = (kind: 'bar' | 'updated-bar', close: number, after: number, origin: Batch['origin']): Batch =>
  heard([bar(kind, opening, end, { close })], { origin, heardAt: end + BigInt(after) * second });
const live = (after: number): Batch => says('bar', 1, after, 'stream');
const late = (after: number): Batch => says('updated-bar', 2, after, 'stream');
const past = (after: number): Batch => says('bar', 3, after, 'history');

/** What stands of statements, brought to the database in this order, in batches of one. */
async function standing(statements: readonly Batch[], dataSource: string): Promise<unknown> {
  const { store } = await openRig({ database: database.url, migrate: false });
  for (const statement of statements) {
    void store.take({ ...statement, dataSource });
    await store.flush();
  }
  await store[Symbol.asyncDispose]();
  const { rows } = await lookInto(database.url);
  const found = await rows(`SELECT close FROM market_data WHERE data_source = '${dataSource}'`);
  return found.map((row) => row['close']);
}

const cases: readonly [string, readonly Batch[], number][] = [
  ['a correction after the live bar', [live(1), late(30)], 2],
  ['history after the correction', [live(1), late(30), past(60)], 3],
  ['a correction after history', [live(1), past(20), late(30)], 2],
  ['history between, with the live bar late', [past(1), live(2)], 3],
  ['a correction that overtook its bar', [late(30), live(31)], 2],
  ['a correction that overtook, and history before', [past(20), late(30), live(31)], 2],
  ['the live bar again, after all', [live(1), past(20), late(30), live(40)], 2],
  ['a bar that history told before its end', [past(-20), live(1)], 1],
];

test.each(cases)('the bar that stands is that of %s', async (name, statements, close) => {
  expect(await standing(statements, name)).toEqual([close]);
});

test('the order in which statements reach the database does not matter, only that in which they were heard', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...cases), fc.infiniteStream(fc.nat()), async ([, statements, close], draws) => {
      const shuffled = [...statements].map((one) => ({ one, place: draws.next().value ?? 0 }));
      shuffled.sort((a, b) => a.place - b.place);
      expect(await standing(shuffled.map(({ one }) => one), `run ${++runs}`)).toEqual([close]);
    }),
    { numRuns: 15 },
  ); // prettier-ignore
});

test('several statements of one batch leave the last, with all it says', async () => {
  const { store } = await openRig({ database: database.url });
  const [first, last] = [bar('second-bar', opening, opening + second), bar('second-bar', opening, opening + second)];
  void store.take(heard([first, { ...last, volume: 7, dayVolume: 9 }], { dataSource: 'one batch', heardAt: end }));
  await store[Symbol.asyncDispose]();
  const { rows } = await lookInto(database.url);
  expect(await rows("SELECT timeframe, volume, detail FROM market_data WHERE data_source = 'one batch'")).toEqual([
    { timeframe: '1s', volume: 7, detail: { dayVolume: 9 } },
  ]);
});
