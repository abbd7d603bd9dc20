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

test.each<[string, readonly Line[], number, string, string]>([
  [
    'closes the connection in time',
    [...muted, [9000, closed(1, 'client')]],
    60_000,
    'met',
    'noticed 1 time, the slowest after 8s',
  ],
  [
    'closes the connection a moment late',
    [...muted, [11_001, closed(1, 'client')]],
    60_000,
    'unmet',
    'A on alpaca/v2/iex noticed only after 10s',
  ],
  ['opens another connection', [...muted, [9000, knock(2)]], 60_000, 'met', 'noticed 1 time, the slowest after 8s'],
  ['asks for history', [...muted, [9000, asked([history])]], 60_000, 'met', 'noticed 1 time, the slowest after 8s'],
  [
    'asks for history in vain',
    [...muted, [9000, asked([], 500)]],
    60_000,
    'met',
    'noticed 1 time, the slowest after 8s',
  ],
  [
    'asks the time of day',
    [...muted, [9000, asked([])]],
    60_000,
    'unmet',
    'A on alpaca/v2/iex has not noticed for 59s',
  ],
  [
    'answers pings and does nothing',
    [...muted, [9000, pong(1)]],
    60_000,
    'unmet',
    'A on alpaca/v2/iex has not noticed for 59s',
  ],
  ['has time left', muted, 5000, 'open', 'A on alpaca/v2/iex has not noticed for 4s'],
  [
    'hears again before its time is over',
    [...muted, [5000, step('mute', 'ends')]],
    60_000,
    'open',
    'the silence was over before its time',
  ],
  [
    'hears again after its time is over',
    [...muted, [20_000, step('mute', 'ends')]],
    60_000,
    'unmet',
    'A on alpaca/v2/iex did not notice for 19s',
  ],
  [
    'is cut off by the exchange',
    [...muted, [5000, closed(1, 'exchange')]],
    60_000,
    'open',
    'the silence was over before its time',
  ],
  [
    'loses events instead',
    [...muted.slice(0, 4), [2000, lost(1, 'mute')], [9000, closed(1, 'client')]],
    60_000,
    'met',
    'noticed 1 time, the slowest after 7s',
  ],
  [
    'loses events to another step',
    [...muted.slice(0, 4), [2000, lost(1, 'drop')]],
    60_000,
    'open',
    'no data was held back from a client',
  ],
  [
    'has not subscribed',
    [...muted.slice(0, 2), ...muted.slice(3)],
    60_000,
    'open',
    'no data was held back from a client',
  ],
  [
    'subscribes into the silence',
    [...muted.slice(0, 2), ...muted.slice(3), [2000, holds(1, ['AAPL'])]],
    60_000,
    'unmet',
    'A on alpaca/v2/iex has not noticed for 58s',
  ],
])('a client in a mute feed that %s', async (_, lines, now, outcome, seen) => {
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

test.each<[string, readonly Line[], number, string, string]>([
  [
    'comes back when it may',
    [
      [0, knock(1, 429, in3s)],
      [3000, knock(2)],
    ],
    60_000,
    'met',
    'waited 1 time',
  ],
  [
    'comes back a timer’s blur early',
    [
      [0, knock(1, 429, in3s)],
      [2995, knock(2)],
    ],
    60_000,
    'met',
    'waited 1 time',
  ],
  [
    'comes back too soon',
    [
      [0, knock(1, 429, in3s)],
      [2900, knock(2)],
    ],
    60_000,
    'unmet',
    'a client on alpaca/v2/iex connected again after 2.9s, told to wait 3s',
  ],
  [
    'is asked to wait by a 503',
    [
      [0, knock(1, 503, in3s)],
      [1000, knock(2)],
    ],
    60_000,
    'unmet',
    'a client on alpaca/v2/iex connected again after 1s, told to wait 3s',
  ],
  [
    'is refused with a 503 that names no time',
    [
      [0, knock(1, 503)],
      [1000, knock(2)],
    ],
    60_000,
    'open',
    'no answer asked a client to wait',
  ],
  [
    'is not told how long',
    [
      [0, knock(1, 429)],
      [1500, knock(2)],
    ],
    60_000,
    'unmet',
    'a client on alpaca/v2/iex connected again after 1.5s, told to wait',
  ],
  ['never comes back', [[0, knock(1, 429, in3s)]], 60_000, 'met', 'waited 1 time'],
  ['still waits', [[0, knock(1, 429, in3s)]], 1000, 'open', 'waits still'],
  [
    'asks again when it may',
    [
      [0, asked([], 429, 'A', in3s)],
      [3100, asked()],
    ],
    60_000,
    'met',
    'waited 1 time',
  ],
  [
    'asks again too soon',
    [
      [0, asked([], 429, 'A', in3s)],
      [2000, asked()],
    ],
    60_000,
    'unmet',
    'A asked again after 1.99s, told to wait 3s',
  ],
  [
    'had another request under way',
    [
      [0, asked([], 429, 'A', in3s)],
      [1, asked()],
      [3100, asked()],
    ],
    60_000,
    'met',
    'waited 1 time',
  ],
  [
    'is not the one who was told',
    [
      [0, asked([], 429, 'A', in3s)],
      [100, asked([], 200, 'B')],
      [3100, asked()],
    ],
    60_000,
    'met',
    'waited 1 time',
  ],
  [
    'is never told to wait',
    [
      [0, knock(1)],
      [10, asked()],
    ],
    60_000,
    'open',
    'no answer asked a client to wait',
  ],
])('a client that %s, after it was told to wait', async (_, lines, now, outcome, seen) => {
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
  const lines: Line[] = [
    [0, knock(1, 429, in3s)],
    [1000, knock(2)],
  ];
  expect(await judged({ must: wait, lines, speed: 100 })).toMatchObject({ outcome: 'unmet' });
});
