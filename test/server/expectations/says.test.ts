import { expect, test } from 'vitest';
import { asked, closed, heard, judged, knock, login, pong, step, type Line } from '../../helpers/journal.ts';

const talk: readonly Line[] = [
  [0, knock(1)],
  [5, heard(1, '{"action":"auth"}', 'login')],
  [10, login(1)],
  [20, heard(1, '{"action":"subscribe","trades":["AAPL"]}', 'subscribe', 'A')],
  [30, pong(1)],
  [40, asked()],
];

test.each<[string, object, readonly Line[], string, string]>([
  ['as often as it may', { of: 'login', atMost: 1 }, talk, 'met', '1 time'],
  ['once too often', { of: 'login', atMost: 1 }, [...talk, [50, heard(1, 'x', 'login', 'A')]], 'unmet', '2 times'],
  ['as often as it must', { of: 'pong', atLeast: 1 }, talk, 'met', '1 time'],
  ['not often enough', { of: 'pong', atLeast: 2 }, talk, 'open', '1 time'],
  ['never, as it should', { of: 'unsubscribe', atMost: 0 }, talk, 'met', 'never'],
  ['in words', { of: { say: '"trades":\\[' }, atLeast: 1, atMost: 1 }, talk, 'met', '1 time'],
  ['in an address', { of: { say: '^/v2/stocks/' }, atLeast: 1 }, talk, 'met', '1 time'],
  [
    'with a key in the upgrade',
    { of: 'login', atLeast: 2 },
    [...talk, [50, knock(2)], [55, login(2)]],
    'met',
    '2 times',
  ],
  [
    'with a login that is refused',
    { of: 'login', atMost: 0 },
    [
      [0, knock(1)],
      [5, heard(1, 'x', 'login')],
    ],
    'unmet',
    '1 time',
  ],
  ['by closing', { of: 'close', atLeast: 1 }, [...talk, [60, closed(1, 'client')]], 'met', '1 time'],
  ['by being closed', { of: 'close', atLeast: 1 }, [...talk, [60, closed(1, 'exchange')]], 'open', 'never'],
])('a client does something %s', async (_, options, lines, outcome, seen) => {
  expect(await judged({ must: { frames: options }, lines })).toMatchObject({ outcome, seen });
});

test.each<[string, object, readonly Line[], string, string]>([
  ['in order', { of: ['login', 'subscribe', 'request'] }, talk, 'met', 'in order on 1 connection'],
  ['only in part', { of: ['login', 'subscribe', 'close'] }, talk, 'open', 'no connection did all of it'],
  ['too early', { of: ['login', 'request', 'subscribe'] }, talk, 'unmet', 'subscribe came before request'],
  [
    'without what comes first',
    { of: ['login', 'subscribe'] },
    [
      [0, knock(1)],
      [5, heard(1, 'x', 'subscribe')],
    ],
    'unmet',
    'subscribe came before login',
  ],
  [
    'again after all of it',
    { of: ['login', 'subscribe'] },
    [...talk, [50, heard(1, 'x', 'login', 'A')]],
    'met',
    'in order on 1 connection',
  ],
  [
    'out of order on a later connection',
    { of: ['login', 'subscribe'] },
    [...talk, [50, knock(2)], [55, heard(2, 'x', 'subscribe')]],
    'unmet',
    'subscribe came before login',
  ],
  ['in order by words', { of: [{ say: 'auth' }, { say: 'AAPL' }] }, talk, 'met', 'in order on 1 connection'],
])('a client does things %s', async (_, options, lines, outcome, seen) => {
  expect(await judged({ must: { order: options }, lines })).toMatchObject({ outcome, seen });
});

test('what is never to be done may have been done before its time, but not after', async () => {
  const one = { must: { never: { of: 'subscribe' } }, expect: { after: 'storm' } };
  const lines: Line[] = [...talk, [50, step('storm', 'begins')]];
  expect(await judged({ ...one, lines })).toMatchObject({ outcome: 'met', seen: 'never' });
  const done: Line[] = [
    ...lines,
    [60, heard(1, `{"action":"subscribe","trades":["${'X'.repeat(200)}"]}`, 'subscribe', 'A')],
  ];
  const standing = await judged({ ...one, lines: done });
  expect(standing).toMatchObject({ outcome: 'unmet', lines: [8] });
  expect(standing.seen).toMatch(/^A did it: \{"action":"subscribe","trades":\["X+…$/);
  expect(
    await judged({
      must: one.must,
      expect: { during: 'storm' },
      lines: [...lines, [55, step('storm', 'ends')], [60, heard(1, 'x', 'subscribe')]],
    }),
  ).toMatchObject({ outcome: 'met' });
});

test('nobody who did nothing has met what asks for something', async () => {
  for (const must of [{ frames: { of: 'ping', atLeast: 1 } }, { order: { of: ['login', 'subscribe'] } }]) {
    expect(await judged({ must, lines: [] })).toMatchObject({ outcome: 'open' });
  }
});
