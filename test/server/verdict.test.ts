import { expect, test } from 'vitest';
import { millis, seconds } from '../../market/nanos.ts';
import type { Happened } from '../../server/journal-entry.ts';
import type { Row } from '../../server/ledger.ts';
import { trade } from '../helpers/events.ts';
import {
  asked,
  closed,
  entriesOf,
  expectOf,
  heard,
  judged,
  judgeOf,
  knock,
  ledgerOf,
  login,
  step,
  type Line,
} from '../helpers/journal.ts';

const back = { reconnect: { within: '5s' } };
const run: readonly Line[] = [
  [0, knock(1)],
  [10, login(1)],
  [1000, step('reset', 'begins')],
  [1001, closed(1, 'exchange')],
  [1002, step('reset', 'ends')],
  [2000, login(2)],
];

test('a run passes when everything of severity error is met; what only warns is counted apart', async () => {
  const judge = judgeOf([
    expectOf({ must: back, expect: { id: 'back', after: 'reset' } }),
    expectOf({ must: { never: { of: 'connect' } }, expect: { id: 'quiet', severity: 'warn' } }),
  ]);
  for (const entry of entriesOf(run)) judge.hear(entry);
  const { passed, counts, findings } = await judge.verdict(seconds(9), ledgerOf());
  expect({ passed, counts }).toEqual({ passed: true, counts: { met: 1, failed: 0, warned: 1 } });
  expect(findings.map(({ id, outcome, sentence, step: at }) => [id, outcome, sentence, at])).toEqual([
    ['back', 'met', 'a client whose connection ends is logged in again within 5s', 'reset'],
    ['quiet', 'unmet', 'the client never does this: connect', undefined],
  ]);
});

test('what is still open when the run is over is unmet, and fails it', async () => {
  const judge = judgeOf([expectOf({ must: back })]);
  for (const entry of entriesOf(run.slice(0, -1))) judge.hear(entry);
  expect(await judge.standings(seconds(2))).toMatchObject([{ outcome: 'open' }]);
  const verdict = await judge.verdict(seconds(2), ledgerOf());
  expect(verdict).toMatchObject({ passed: false, counts: { met: 0, failed: 1, warned: 0 } });
  expect(verdict.findings).toMatchObject([
    { outcome: 'unmet', seen: 'A on alpaca/v2/iex lost its connection 999ms ago and is not back' },
  ]);
});

test('an expectation whose step never began is unmet, even one that forbids', async () => {
  const one = { must: { never: { of: 'login' } }, expect: { after: 'storm' }, lines: run, ledger: ledgerOf() };
  expect(await judged(one)).toMatchObject({ outcome: 'unmet', seen: 'the step storm never began' });
});

test('a rule that comes again and again counts each time it lasts', async () => {
  const said = (at: number): Line => [at, heard(2, 'hello', undefined, 'A')];
  const during: Line[] = [
    ...run,
    [3000, step('noon', 'begins')],
    [3100, step('noon', 'ends')],
    said(3500),
    [4000, step('noon', 'begins')],
  ];
  const one = { must: { frames: { of: 'message', atLeast: 1 } }, expect: { during: 'noon' } };
  expect(await judged({ ...one, lines: during })).toMatchObject({ outcome: 'open', seen: 'never' });
  expect(await judged({ ...one, lines: [...during, said(4001)] })).toMatchObject({ outcome: 'met', seen: '1 time' });
});

const polygon = (happened: Happened): Happened => ({
  ...happened,
  ...('path' in happened ? { exchange: 'polygon', path: '/stocks' } : {}),
});

test.each<[string, object, number]>([
  ['everybody', {}, 4],
  ['one exchange', { endpoint: 'alpaca' }, 3],
  ['one path', { endpoint: 'alpaca/v2/iex' }, 1],
  ['the beginning of a path', { endpoint: 'alpaca/v2' }, 3],
  ['not half a word of it', { endpoint: 'alpaca/v' }, 0],
  ['one key', { key: 'A' }, 2],
  ['an exchange nobody spoke to', { endpoint: 'twelvedata' }, 0],
])('a target of %s hears what is about it', async (_, target, times) => {
  const lines: Line[] = [
    [0, login(1)],
    [1, polygon(login(2, 'B'))],
    [2, heard(1, 'x', undefined, 'A')],
    [3, polygon(heard(2, 'x', undefined, 'B'))],
    [4, { ...heard(3, 'x', undefined, 'C'), ...{ path: '/v2/sip' } }],
    [5, asked([], 200, 'A')],
  ];
  const sayings = { frames: { of: { say: '^(x|/v2/stocks/)' }, atMost: 99 } };
  const seen = times === 0 ? 'never' : times === 1 ? '1 time' : `${times} times`;
  expect(await judged({ must: sayings, expect: { target }, lines })).toMatchObject({ seen });
});

test('a connection that turns out to be another key’s is left out from then on', async () => {
  const lines: Line[] = [
    [0, knock(1)],
    [5, login(1, 'B')],
    [10, heard(1, 'x', undefined, 'B')],
    [20, closed(1, 'exchange', 'B')],
  ];
  const must = { frames: { of: 'message', atMost: 0 } };
  expect(await judged({ must, expect: { target: { key: 'A' } }, lines })).toMatchObject({ outcome: 'met' });
});

test('rows are compared as far as the target names them', async () => {
  const rows: Row[] = ['AAPL', 'MSFT'].map((symbol) => ({
    event: trade(millis(5), { symbol }),
    shift: 0n,
    sent: 1,
    fetched: false,
  }));
  const one = { must: { posted: { file: 'none' } }, lines: [], ledger: ledgerOf({ rows }) };
  const expected = async (target: object) => (await judged({ ...one, expect: { target } })).expected;
  expect(await expected({})).toContain('2 rows');
  expect(await expected({ symbols: ['MSFT'] })).toContain('1 row ');
  expect(await expected({ channels: ['quote'] })).toContain('0 rows');
  expect(await expected({ endpoint: 'polygon' })).toContain('0 rows');
});

test('a ledger that cannot be read leaves the expectation unmet, with the reason', async () => {
  const broken = { accounts: async () => await Promise.reject(new Error('the tape broke at 09:31')) };
  expect(await judged({ must: { backfill: { within: '5s' } }, lines: run, ledger: broken })).toMatchObject({
    outcome: 'unmet',
    seen: 'it could not be judged: the tape broke at 09:31',
  });
});
