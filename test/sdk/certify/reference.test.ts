import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { suite } from '../../../bin/certify/suite.ts';
import { papertape } from '../../bin/papertape.ts';
import { folderOf } from '../../server/scenario/folder.ts';
import { cardSchema, columns, document, fileOf, headOf, type Outcome, tableOf } from './reference.ts';

const text = readFileSync(document, 'utf8');
const table = tableOf(text);

/** What `papertape certify` says of a program, in the order of the suite. */
async function certified(
  column: (typeof columns)[number],
  only: readonly string[],
  speed = 1,
  more: readonly string[] = [],
) {
  await using folder = await folderOf({});
  const options = ['--vendor', column.vendor, '--only', only.join(','), '--json', folder.at('score.json')];
  const words = ['certify', ...options, '--', process.execPath, resolve(fileOf(column)), ...more];
  const { err } = await papertape(words, { environment: { PAPERTAPE_SPEED: String(speed) } });
  expect(err).toBe('');
  return cardSchema.parse(JSON.parse(readFileSync(join(folder.path, 'score.json'), 'utf8'))).scores;
}
const told = (scenario: string, column: (typeof columns)[number]): Outcome | undefined =>
  table.get(scenario)?.[columns.indexOf(column)];
const [alpaca, polygon, twelvedata, resilient] = columns;

test('the table has a row for every scenario and a column for every SDK of the installed version', () => {
  expect([...table.keys()]).toEqual(suite());
  for (const row of table.values()) expect(row).toHaveLength(columns.length);
  const [, head = ''] = /^\| scenario +\|(.+)\|$/m.exec(text) ?? [];
  expect(head.split('|').map((cell) => cell.trim())).toEqual(columns.map(headOf));
});

test('the client that copes passes every scenario of the table', () => {
  expect(suite().filter((scenario) => told(scenario, resilient) !== 'passed')).toEqual([]);
});

test.each([
  [alpaca, ['malformed-frame', 'duplicates-and-reorder']],
  [polygon, ['close-1000', 'malformed-frame']],
  [twelvedata, ['duplicates-and-reorder']],
] as const)(
  'what the table says of $sdk is what happens',
  async (column, scenarios) => {
    for (const { scenario, outcome } of await certified(column, scenarios, 5)) {
      expect({ scenario, outcome }).toEqual({ scenario, outcome: told(scenario, column) });
    }
  },
  60_000,
);

test('the client that copes passes in real time', async () => {
  const scores = await certified(resilient, ['duplicates-and-reorder', 'hang-up', 'malformed-frame']);
  expect(scores.map(({ scenario, outcome, seen }) => ({ scenario, outcome, seen }))).toEqual([
    { scenario: 'duplicates-and-reorder', outcome: 'passed', seen: expect.stringMatching(/^\d+ rows$/) },
    { scenario: 'hang-up', outcome: 'passed', seen: expect.stringMatching(/^1 return/) },
    { scenario: 'malformed-frame', outcome: 'passed', seen: 'connected all the time' },
  ]);
}, 90_000);

test('a process with nothing but the SDK of Twelve Data ends before it reconnects, without an error', async () => {
  const [score] = await certified(twelvedata, ['close-1001'], 5, ['alone']);
  expect(score).toMatchObject({
    outcome: 'failed',
    seen: expect.stringMatching(/the client ended by itself with exit code 0, \d+\.\ds after it had subscribed$/),
  });
}, 60_000);
