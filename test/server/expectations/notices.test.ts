import { expect, test } from 'vitest';
import { seconds } from '../../../market/nanos.ts';
import type { Covered } from '../../../server/journal-entry.ts';
import { asked, closed, holds, judged, knock, login, lost, pong, step, type Line } from '../../helpers/journal.ts';

const must = { staleness: { within: '10s' } };
const muted: readonly Line[] = [
  [0, knock(1)],
  [10, login(1)],
  [20, holds(1, ['AAPL'])],
  [1000, step('mute', 'begins')],
  [1000, step('mute', 'strikes', 1)],
];
const history: Covered = { market: 'stocks', symbol: 'AAPL', channel: 'trade', from: 1n, to: 2n, rows: 2 };

const soon = 'noticed 1 time, the slowest after 8s';
const over = 'the silence was over before its time';
const none = 'no data was held back from a client';
const unaware = (span: number): string => `A on alpaca/v2/iex has not noticed for ${span}s`;
/** The same without one of its lines. */
const without = (line: number): readonly Line[] => muted.toSpliced(line, 1);
const silent = without(-1);

test.each<[habit: string, lines: readonly Line[], outcome: string, seen: string, now?: number]>([
  ['closes the connection in time', [...muted, [9000, closed(1, 'client')]], 'met', soon],
  ['closes it late', [...muted, [11_001, closed(1, 'client')]], 'unmet', 'A on alpaca/v2/iex noticed only after 10s'],
  ['opens another connection', [...muted, [9000, knock(2)]], 'met', soon],
  ['asks for history', [...muted, [9000, asked([history])]], 'met', soon],
  ['asks for history in vain', [...muted, [9000, asked([], 500)]], 'met', soon],
  ['asks the time of day', [...muted, [9000, asked([])]], 'unmet', unaware(59)],
  ['answers pings and does nothing', [...muted, [9000, pong(1)]], 'unmet', unaware(59)],
  ['has time left', muted, 'open', unaware(4), 5000],
  ['hears again before its time is over', [...muted, [5000, step('mute', 'ends')]], 'open', over],
  [
    'hears again after its time is over',
    [...muted, [20_000, step('mute', 'ends')]],
    'unmet',
    'A on alpaca/v2/iex did not notice for 19s',
  ],
  ['is cut off by the exchange', [...muted, [5000, closed(1, 'exchange')]], 'open', over],
  [
    'loses events instead',
    [...silent, [2000, lost(1, 'mute')], [9000, closed(1, 'client')]],
    'met',
    'noticed 1 time, the slowest after 7s',
  ],
  ['loses events to another step', [...silent, [2000, lost(1, 'drop')]], 'open', none],
  ['has not subscribed', without(2), 'open', none],
  ['subscribes into the silence', [...without(2), [2000, holds(1, ['AAPL'])]], 'unmet', unaware(58)],
])('a client in a mute feed that %s', async (_, lines, outcome, seen, now = 60_000) => {
  expect(await judged({ must, expect: { after: 'mute' }, lines, now })).toMatchObject({ outcome, seen });
});

test('one client’s request does not speak for another, and a stranger’s attempt for nobody in particular', async () => {
  const two: Line[] = [
    ...muted.slice(0, 3),
    [30, login(2, 'B')],
    [40, holds(2, ['AAPL'], 'B')],
    [1000, step('mute', 'begins')],
    [1000, step('mute', 'strikes', 1)],
    [1000, step('mute', 'strikes', 2)],
    [5000, asked([history], 200, 'A')],
    [6000, closed(2, 'client', 'B')],
  ];
  const one = { must, expect: { after: 'mute' }, now: 60_000 };
  expect(await judged({ ...one, lines: two })).toMatchObject({
    outcome: 'met',
    seen: 'noticed 2 times, the slowest after 5s',
  });
  const stranger: Line[] = [...two.slice(0, -2), [5000, knock(3)]];
  expect(await judged({ ...one, lines: stranger })).toMatchObject({ outcome: 'unmet', lines: [7, 8] });
});

const wait = { retryAfter: { atLeast: '2s' } };
const in3s = seconds(3);

const told = knock(1, 429, in3s);
/** It is refused, and comes back so many milliseconds later. */
const back = (after: number, refusal = told): readonly Line[] => [
  [0, refusal],
  [after, knock(2)],
];
/** A request of its own is refused, and this comes later. */
const asks = (...later: readonly Line[]): readonly Line[] => [[0, asked([], 429, 'A', in3s)], ...later];
const waited = 'waited 1 time';
const nobody = 'no answer asked a client to wait';
const again = 'a client on alpaca/v2/iex connected again after';

test.each<[habit: string, lines: readonly Line[], outcome: string, seen: string, now?: number]>([
  ['comes back when it may', back(3000), 'met', waited],
  ['comes back a timer’s blur early', back(2995), 'met', waited],
  ['comes back too soon', back(2900), 'unmet', `${again} 2.9s, told to wait 3s`],
  ['is asked to wait by a 503', back(1000, knock(1, 503, in3s)), 'unmet', `${again} 1s, told to wait 3s`],
  ['is refused with a 503 that names no time', back(1000, knock(1, 503)), 'open', nobody],
  ['is not told how long', back(1500, knock(1, 429)), 'unmet', `${again} 1.5s, told to wait`],
  ['never comes back', [[0, told]], 'met', waited],
  ['still waits', [[0, told]], 'open', 'waits still', 1000],
  ['asks again when it may', asks([3100, asked()]), 'met', waited],
  ['asks again too soon', asks([2000, asked()]), 'unmet', 'A asked again after 1.99s, told to wait 3s'],
  ['had another request under way', asks([1, asked()], [3100, asked()]), 'met', waited],
  ['is not the one who was told', asks([100, asked([], 200, 'B')], [3100, asked()]), 'met', waited],
  [
    'is never told to wait',
    [
      [0, knock(1)],
      [10, asked()],
    ],
    'open',
    nobody,
  ],
])('a client that %s, after it was told to wait', async (_, lines, outcome, seen, now = 60_000) => {
  expect(await judged({ must: wait, lines, now })).toMatchObject({ outcome, seen });
});

test('a newcomer’s attempt is not that of the client who waits, when others are known to be gone', async () => {
  const lines: Line[] = [
    [0, login(1)],
    [0, login(2, 'B')],
    [100, closed(1, 'exchange')],
    [100, closed(2, 'exchange', 'B')],
    [200, knock(3, 429, in3s)],
    [300, knock(4)],
  ];
  expect(await judged({ must: wait, lines })).toMatchObject({
    outcome: 'open',
    seen: 'no answer asked a client to wait',
  });
});

test('Retry-After counts as written, whatever the speed', async () => {
  expect(await judged({ must: wait, lines: back(1000), speed: 100 })).toMatchObject({ outcome: 'unmet' });
});
