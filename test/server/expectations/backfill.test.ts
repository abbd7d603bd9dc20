import { expect, test } from 'vitest';
import { minute } from '../../../market/nanos.ts';
import type { Covered } from '../../../server/journal-entry.ts';
import type { Missed } from '../../../server/ledger.ts';
import { asked, closed, judged, ledgerOf, login, step, type Line } from '../../helpers/journal.ts';

const at = (minutes: number) => BigInt(minutes) * minute;
const missed = (fetched: number): Missed => ({
  market: 'stocks',
  symbol: 'AAPL',
  channel: 'trade',
  from: at(60),
  to: at(70),
  rows: 100,
  fetched,
  why: 'it was not connected',
});
const part = (from: number, to: number, rows = 100): Covered => ({
  market: 'stocks',
  symbol: 'AAPL',
  channel: 'trade',
  from: at(from),
  to: at(to),
  rows,
});
const gone: readonly Line[] = [
  [0, login(1)],
  [1000, closed(1, 'exchange')],
  [5000, login(2)],
];
const in15s = { within: '15s' };
const exactly = { within: '15s', exact: true, slack: '1m' };

test.each<[string, object, readonly Line[], readonly Missed[], string, string]>([
  [
    'fetches all of it',
    in15s,
    [...gone, [6000, asked([part(60, 70)])]],
    [missed(100)],
    'met',
    '100 rows missed, all fetched',
  ],
  [
    'fetches it page by page',
    in15s,
    [...gone, [6000, asked([part(60, 64)])], [7000, asked([part(65, 70)])]],
    [missed(100)],
    'met',
    '100 rows missed, all fetched',
  ],
  [
    'fetches none of it',
    in15s,
    gone,
    [missed(0)],
    'unmet',
    'A never fetched 100 rows of AAPL (trade), which it missed because it was not connected',
  ],
  [
    'leaves out the last row',
    in15s,
    [...gone, [6000, asked([part(60, 69, 99)])]],
    [missed(99)],
    'unmet',
    'A fetched only 99 of 100 rows of AAPL (trade), which it missed because it was not connected',
  ],
  [
    'fetches it at the last moment',
    in15s,
    [...gone, [20_000, asked([part(60, 70)])]],
    [missed(100)],
    'met',
    '100 rows missed, all fetched',
  ],
  [
    'fetches it too late',
    in15s,
    [...gone, [20_001, asked([part(60, 70)])]],
    [missed(100)],
    'unmet',
    'A fetched 100 rows of AAPL (trade) only after 15s',
  ],
  [
    'fetches its last page too late',
    in15s,
    [...gone, [6000, asked([part(60, 64)])], [25_000, asked([part(65, 70)])]],
    [missed(100)],
    'unmet',
    'A fetched 100 rows of AAPL (trade) only after 20s',
  ],
  [
    'fetches it once more much later',
    in15s,
    [...gone, [6000, asked([part(60, 70)])], [90_000, asked([part(60, 70)])]],
    [missed(100)],
    'met',
    '100 rows missed, all fetched',
  ],
  [
    'fetches just that',
    exactly,
    [...gone, [6000, asked([part(60, 70)])]],
    [missed(100)],
    'met',
    '100 rows missed, all fetched',
  ],
  [
    'reaches as far beyond it as it may',
    exactly,
    [...gone, [6000, asked([part(59, 71, 120)])]],
    [missed(100)],
    'met',
    '100 rows missed, all fetched',
  ],
  [
    'reaches too far back',
    exactly,
    [...gone, [6000, asked([part(57, 70, 130)])]],
    [missed(100)],
    'unmet',
    'A asked for 130 rows of AAPL (trade) that reach 3m beyond what it missed',
  ],
  [
    'fetches a day for ten minutes',
    exactly,
    [...gone, [6000, asked([part(0, 390, 9000)])]],
    [missed(100)],
    'unmet',
    'A asked for 9000 rows of AAPL (trade) that reach 5h 20m beyond what it missed',
  ],
  [
    'fetches a day where it may',
    in15s,
    [...gone, [6000, asked([part(0, 390, 9000)])]],
    [missed(100)],
    'met',
    '100 rows missed, all fetched',
  ],
  [
    'fetches another symbol too',
    exactly,
    [...gone, [6000, asked([part(60, 70), { ...part(60, 70, 5), symbol: 'MSFT' }])]],
    [missed(100)],
    'unmet',
    'A asked for 5 rows of MSFT (trade) though it missed none there',
  ],
  ['missed nothing', in15s, gone, [], 'unmet', 'no client missed anything'],
])('a client that %s', async (_, options, lines, stretches, outcome, seen) => {
  const ledger = ledgerOf({ missed: stretches });
  expect(await judged({ must: { backfill: options }, lines, ledger })).toMatchObject({ outcome, seen });
});

test('another client’s requests fetch nothing for it, and until the run is over nothing is said', async () => {
  const lines: Line[] = [...gone, [6000, asked([part(60, 70)], 200, 'B')]];
  const must = { backfill: exactly };
  expect(await judged({ must, lines, ledger: ledgerOf({ missed: [missed(0)] }, { client: 'B' }) })).toMatchObject({
    outcome: 'unmet',
    seen: 'A never fetched 100 rows of AAPL (trade), which it missed because it was not connected; 1 more like it',
    lines: [4],
  });
  expect(await judged({ must, lines })).toMatchObject({ outcome: 'open', seen: '1 request for history so far' });
});

test('on a connection that stayed, time runs from the end of the step that took the events', async () => {
  const lines: Line[] = [
    [0, login(1)],
    [1000, step('lost', 'begins')],
    [1500, step('lost', 'strikes', 1)],
    [30_000, step('lost', 'ends')],
  ];
  const one = { must: { backfill: in15s }, ledger: ledgerOf({ missed: [missed(100)] }) };
  const fetched = (second: number): Line => [second, asked([part(60, 70)])];
  expect(await judged({ ...one, lines: [...lines, fetched(44_000)] })).toMatchObject({ outcome: 'met' });
  expect(await judged({ ...one, lines: [...lines, fetched(46_000)] })).toMatchObject({
    outcome: 'unmet',
    lines: [4, 5],
  });
});
