import { expect, test } from 'vitest';
import type { Happened } from '../../../server/journal-entry.ts';
import { closed, holds, judged, knock, login, type Line } from '../../helpers/journal.ts';

const ended: Happened = { kind: 'deck', phase: 'ended', speed: 1, pass: 1 };
const up: readonly Line[] = [
  [0, knock(1)],
  [10, login(1)],
  [20, holds(1, ['AAPL'])],
];
const away: Line = [1000, closed(1, 'exchange')];
const back: readonly Line[] = [
  [2000, knock(2)],
  [2010, login(2)],
];

test.each<[string, readonly Line[], string, string]>([
  ['was never away', [...up, [9000, ended]], 'met', 'connected all the time'],
  ['came back', [...up, away, ...back, [2020, holds(2, ['AAPL'])], [9000, ended]], 'met', 'connected, after 2 logins'],
  [
    'leaves when the tape has ended',
    [...up, [9000, ended], [9001, closed(1, 'client')]],
    'met',
    'connected all the time',
  ],
  ['stayed away', [...up, away, [9000, ended]], 'unmet', 'A on alpaca/v2/iex was not connected when the tape ended'],
  [
    'left of its own accord',
    [...up, [1000, closed(1, 'client')], [9000, ended]],
    'unmet',
    'A on alpaca/v2/iex was not connected when the tape ended',
  ],
  [
    'came back after the tape had ended',
    [...up, away, [1500, ended], ...back],
    'unmet',
    'A on alpaca/v2/iex was not connected when the tape ended',
  ],
  [
    'came back and forgot to subscribe',
    [...up, away, ...back, [9000, ended]],
    'unmet',
    'A on alpaca/v2/iex was connected when the tape ended, but not subscribed',
  ],
  [
    'never logged in',
    [
      [0, knock(1)],
      [9000, ended],
    ],
    'open',
    'no client logged in',
  ],
  ['plays on', up, 'open', 'the tape has not ended'],
])('a client that %s is connected in the end, or not', async (_, lines, outcome, seen) => {
  expect(await judged({ must: { connected: {} }, lines })).toMatchObject({ outcome, seen });
});
