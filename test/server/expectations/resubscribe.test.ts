import { expect, test } from 'vitest';
import { closed, holds, judged, login, knock, step, type Line } from '../../helpers/journal.ts';

const up: readonly Line[] = [
  [0, knock(1)],
  [10, login(1)],
];
const again = { resubscribe: { within: '5s' } };
const holding: readonly Line[] = [...up, [20, holds(1, ['AAPL'])], [30, holds(1, ['AAPL', 'MSFT'])]];
const gone: readonly Line[] = [...holding, [1000, closed(1, 'exchange')], [2000, login(2)]];

test.each<[string, object, readonly Line[], number, string, string]>([
  [
    'subscribes to the same',
    {},
    [...gone, [2010, holds(2, ['MSFT', 'AAPL'])]],
    60_000,
    'met',
    '1 time, the slowest after 1.01s',
  ],
  [
    'subscribes to the same in two steps',
    {},
    [...gone, [2010, holds(2, ['MSFT'])], [2020, holds(2, ['AAPL', 'MSFT'])]],
    60_000,
    'met',
    '1 time, the slowest after 1.02s',
  ],
  [
    'forgets a symbol',
    {},
    [...gone, [2010, holds(2, ['AAPL'])]],
    60_000,
    'unmet',
    'A on alpaca/v2/iex is back but without trade MSFT, 59s after the end of its connection',
  ],
  [
    'forgets a symbol, with time left',
    {},
    [...gone, [2010, holds(2, ['AAPL'])]],
    3000,
    'open',
    'A on alpaca/v2/iex is back but without trade MSFT, 2s after the end of its connection',
  ],
  [
    'takes too much',
    {},
    [...gone, [2010, holds(2, ['AAPL', 'MSFT', 'TSLA'])]],
    60_000,
    'unmet',
    'A on alpaca/v2/iex is back but with trade TSLA besides, 59s after the end of its connection',
  ],
  [
    'takes more where it may',
    { same: false },
    [...gone, [2010, holds(2, ['AAPL', 'MSFT', 'TSLA'])]],
    60_000,
    'met',
    '1 time, the slowest after 1.01s',
  ],
  [
    'takes the same symbols of another channel',
    {},
    [...gone, [2010, holds(2, ['AAPL', 'MSFT'], 'A', 'quote')]],
    60_000,
    'unmet',
    'A on alpaca/v2/iex is back but without trade AAPL, trade MSFT, 59s after the end of its connection',
  ],
  [
    'is late',
    {},
    [...gone, [6001, holds(2, ['AAPL', 'MSFT'])]],
    60_000,
    'unmet',
    'A on alpaca/v2/iex held the same again only after 5s',
  ],
  [
    'does not come back',
    {},
    gone.slice(0, -1),
    60_000,
    'unmet',
    'A on alpaca/v2/iex is not back, 59s after the end of its connection',
  ],
  [
    'held nothing',
    {},
    [...up, [1000, closed(1, 'exchange')], [2000, login(2)]],
    60_000,
    'open',
    'no connection that was subscribed to anything has ended',
  ],
  [
    'is cut off again before it has all',
    {},
    [...gone, [2010, holds(2, ['AAPL'])], [3000, closed(2, 'exchange')], [4000, login(3)], [4010, holds(3, ['AAPL'])]],
    60_000,
    'unmet',
    'A on alpaca/v2/iex is back but without trade MSFT, 57s after the end of its connection',
  ],
  [
    'is cut off again and then has all',
    {},
    [...gone, [3000, closed(2, 'exchange')], [4000, login(3)], [4010, holds(3, ['AAPL', 'MSFT'])]],
    60_000,
    'met',
    '1 time, the slowest after 1.01s',
  ],
])('a client that %s', async (_, options, lines, now, outcome, seen) => {
  const must = { resubscribe: { ...again.resubscribe, ...options } };
  expect(await judged({ must, lines, now })).toMatchObject({ outcome, seen });
});

test('what a client held before the step began is what it has to hold again after it', async () => {
  const lines: Line[] = [
    ...holding,
    [900, step('reset', 'begins')],
    [1000, closed(1, 'exchange')],
    [2000, login(2)],
    [2010, holds(2, ['AAPL'])],
  ];
  expect(await judged({ must: again, expect: { after: 'reset' }, lines, now: 9000 })).toMatchObject({
    outcome: 'unmet',
  });
  const aimed = { must: again, expect: { after: 'reset', target: { symbols: ['AAPL'] } }, lines, now: 9000 };
  expect(await judged(aimed)).toMatchObject({ outcome: 'met' });
});
