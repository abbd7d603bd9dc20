import { expect, test } from 'vitest';
import { closed, judged, login, knock, pong, step, type Line } from '../../helpers/journal.ts';

const up: readonly Line[] = [
  [0, knock(1)],
  [10, login(1)],
];
const one = { connections: { atMost: 1 } };

test.each<[string, object, readonly Line[], string, string]>([
  ['keeps one', {}, [...up, [1000, closed(1, 'exchange')], [1001, knock(2)], [1010, login(2)]], 'met', '1 at most'],
  [
    'opens another beside it',
    {},
    [...up, [1000, knock(2)], [1010, login(2)]],
    'unmet',
    '2 were open at once for A on alpaca/v2/iex',
  ],
  ['opens another that never logs in', {}, [...up, [1000, knock(2)]], 'unmet', '2 were open at once on alpaca/v2/iex'],
  ['is one of two', {}, [...up, [5, knock(2)], [20, login(2, 'B')]], 'met', '1 at most'],
  [
    'is one of two that count together',
    { per: 'run' },
    [...up, [5, knock(2)], [20, login(2, 'B')]],
    'unmet',
    '2 were open at once',
  ],
  ['is refused a second one', {}, [...up, [1000, knock(2, 429)]], 'met', '1 at most'],
  [
    'leaves a dead one that the exchange still holds',
    {},
    [...up, [500, step('dead', 'strikes', 1)], [1000, knock(2)], [1010, login(2)], [5000, closed(1, 'exchange')]],
    'met',
    '1 at most',
  ],
  [
    'still speaks on the dead one',
    {},
    [...up, [500, step('dead', 'strikes', 1)], [1000, knock(2)], [1010, login(2)], [1500, pong(1)]],
    'unmet',
    '2 were open at once for A on alpaca/v2/iex',
  ],
  ['never came', {}, [], 'open', 'no connection was made'],
])('a client that %s has as many connections as it may, or not', async (_, options, lines, outcome, seen) => {
  const must = { connections: { ...one.connections, ...options } };
  expect(await judged({ must, lines })).toMatchObject({ outcome, seen });
});

test('a connection that was open before the step counts when another comes', async () => {
  const lines: Line[] = [...up, [500, step('storm', 'begins')], [600, knock(2)], [610, login(2)]];
  expect(await judged({ must: one, expect: { after: 'storm' }, lines })).toMatchObject({
    outcome: 'unmet',
    lines: [1, 4, 5],
  });
});
