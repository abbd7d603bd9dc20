import { expect, test } from 'vitest';
import { closed, judged, knock, login, pong, step, type Line } from '../../helpers/journal.ts';

const in5s = { reconnect: { within: '5s' } };
const up: readonly Line[] = [
  [0, knock(1)],
  [10, login(1)],
];

test.each<[string, readonly Line[], number | undefined, string, string]>([
  [
    'is back in time',
    [...up, [1000, closed(1, 'exchange')], [2000, knock(2)], [2010, login(2)]],
    undefined,
    'met',
    '1 return, the slowest after 1.01s',
  ],
  [
    'is back at the last moment',
    [...up, [1000, closed(1, 'exchange')], [6000, login(2)]],
    undefined,
    'met',
    '1 return, the slowest after 5s',
  ],
  [
    'is back a millisecond late',
    [...up, [1000, closed(1, 'exchange')], [6001, login(2)]],
    undefined,
    'unmet',
    'A on alpaca/v2/iex was logged in again only after 5s',
  ],
  [
    'connects in time but logs in late',
    [...up, [1000, closed(1, 'exchange')], [1500, knock(2)], [7500, login(2)]],
    undefined,
    'unmet',
    'A on alpaca/v2/iex was logged in again only after 6.5s',
  ],
  [
    'has time left',
    [...up, [1000, closed(1, 'exchange')]],
    4000,
    'open',
    'A on alpaca/v2/iex lost its connection 3s ago and is not back',
  ],
  [
    'never comes back',
    [...up, [1000, closed(1, 'exchange')]],
    60_000,
    'unmet',
    'A on alpaca/v2/iex is still not logged in after 59s',
  ],
  ['lost nothing', up, 60_000, 'open', 'no connection has ended'],
  [
    'leaves of its own accord at the end',
    [...up, [1000, closed(1, 'exchange')], [2000, login(2)], [9000, closed(2, 'client')]],
    60_000,
    'met',
    '1 return, the slowest after 1s',
  ],
  [
    'only ever left of its own accord',
    [...up, [1000, closed(1, 'client')]],
    60_000,
    'open',
    'A on alpaca/v2/iex ended its connection itself 59s ago and is not back',
  ],
  [
    'leaves a dead connection and comes back',
    [...up, [1000, closed(1, 'client')], [2000, login(2)]],
    undefined,
    'met',
    '1 return, the slowest after 1s',
  ],
  [
    'is turned away before it is back',
    [...up, [1000, closed(1, 'exchange')], [1500, knock(2, 429)], [2500, knock(3)], [2510, login(3)]],
    undefined,
    'met',
    '1 return, the slowest after 1.51s',
  ],
  [
    'never logged in, and does not come back',
    [
      [0, knock(1)],
      [1000, closed(1, 'exchange', null)],
    ],
    7000,
    'unmet',
    'a client on alpaca/v2/iex is still not logged in after 6s',
  ],
  [
    'never logged in, tries twice more and is in',
    [
      [0, knock(1)],
      [1000, closed(1, 'exchange', null)],
      [1100, knock(2)],
      [1200, closed(2, 'exchange', null)],
      [2000, knock(3)],
      [2010, login(3)],
    ],
    60_000,
    'met',
    '1 return, the slowest after 1.01s',
  ],
  [
    'was in before the exchange saw its silent old connection end',
    [...up, [4000, knock(2)], [4010, login(2)], [9000, closed(1, 'exchange')]],
    60_000,
    'met',
    '1 return, the slowest after 0ms',
  ],
  [
    'uses two connections and brings back neither',
    [...up, [20, login(2)], [500, pong(1)], [1000, closed(1, 'exchange')]],
    60_000,
    'unmet',
    'A on alpaca/v2/iex is still not logged in after 59s',
  ],
])('a client that %s', async (_, lines, now, outcome, seen) => {
  expect(await judged({ must: in5s, lines, ...(now === undefined ? {} : { now }) })).toMatchObject({ outcome, seen });
});

test('of two clients the one that stays away is named, with the line that shows its end', async () => {
  const lines: Line[] = [
    ...up,
    [20, login(2, 'B')],
    [1000, closed(1, 'exchange')],
    [1000, closed(2, 'exchange', 'B')],
    [1500, login(3)],
  ];
  const { outcome, seen, lines: shown } = await judged({ must: in5s, lines, now: 9000 });
  expect({ outcome, seen, shown }).toEqual({
    outcome: 'unmet',
    seen: 'B on alpaca/v2/iex is still not logged in after 8s',
    shown: [5],
  });
});

test('what ended before the step does not count, and what ends during it is answered after it', async () => {
  const lines: Line[] = [
    ...up,
    [1000, closed(1, 'exchange')],
    [9000, login(2)],
    [10_000, step('storm', 'begins')],
    [10_001, closed(2, 'exchange')],
  ];
  const after: Line[] = [...lines, [10_002, step('storm', 'ends')], [11_000, login(3)]];
  const one = { must: in5s, expect: { during: 'storm' } };
  expect(await judged({ ...one, lines })).toMatchObject({ outcome: 'open' });
  expect(await judged({ ...one, lines: after })).toMatchObject({
    outcome: 'met',
    seen: '1 return, the slowest after 999ms',
  });
  expect(await judged({ ...one, lines: [...after, [12_000, closed(3, 'exchange')]], now: 60_000 })).toMatchObject({
    outcome: 'met',
  });
});

test('a faster tape leaves less time', async () => {
  const lines: Line[] = [...up, [1000, closed(1, 'exchange')], [1600, login(2)]];
  expect(await judged({ must: in5s, lines, speed: 10 })).toMatchObject({
    outcome: 'unmet',
    expected: 'logged in again within 500ms of the end of its connection',
  });
});
