import { minute, second } from '../../market/nanos.ts';
import type { Entry } from '../../server/journal-entry.ts';
import type { Missed } from '../../server/ledger.ts';
import type { RunFacts } from '../../server/reports/index.ts';
import type { Verdict } from '../../server/verdict.ts';
import {
  asked,
  closed,
  entriesOf,
  expectOf,
  heard,
  holds,
  judgeOf,
  knock,
  ledgerOf,
  login,
  lost,
  step,
  type Line,
} from './journal.ts';

const start = BigInt(Date.parse('2026-11-21T14:29:30Z')) * 1_000_000n;
const nine30 = BigInt(Date.parse('2026-07-01T13:30:00Z')) * 1_000_000n;
const label = 'key-3f9a1c07';
const other = 'key-b81e44d2';

const missed: Missed = {
  market: 'stocks',
  symbol: 'AAPL',
  channel: 'trade',
  from: nine30 + 61n * second,
  to: nine30 + minute + 11n * second,
  rows: 412,
  fetched: 396,
  why: 'it was not connected',
};

const lines: readonly Line[] = [
  [200, knock(1)],
  [230, heard(1, '{"action":"auth","key":"…","secret":"…"}', 'login')],
  [240, login(1, label)],
  [260, heard(1, '{"action":"subscribe"}', 'subscribe', label)],
  [260, holds(1, ['AAPL', 'MSFT', 'NVDA'], label)],
  [900, knock(2)],
  [950, login(2, other)],
  [980, heard(2, '{"action":"subscribe"}', 'subscribe', other)],
  [980, holds(2, ['*'], other, 'bar')],
  [20_000, step('mute', 'begins')],
  [20_030, step('mute', 'strikes', 1)],
  [45_000, step('mute', 'ends')],
  [60_000, step('reset', 'begins')],
  [60_000, step('reset', 'strikes', 1)],
  [60_001, closed(1, 'exchange', label)],
  [60_002, step('reset', 'ends')],
  [60_010, step('storm', 'begins')],
  [60_300, knock(3, 429, 3n * second)],
  [61_350, knock(4, 429, 3n * second)],
  [64_400, knock(5, 429, 3n * second)],
  [64_401, step('storm', 'ends')],
  [71_000, knock(6)],
  [71_020, heard(6, '{"action":"auth","key":"…","secret":"…"}', 'login')],
  [71_040, login(6, label)],
  [71_080, heard(6, '{"action":"subscribe"}', 'subscribe', label)],
  [71_080, holds(6, ['AAPL', 'NVDA'], label)],
  [
    72_000,
    asked(
      [{ market: 'stocks', symbol: 'AAPL', channel: 'trade', from: missed.from, to: missed.to - second, rows: 396 }],
      200,
      label,
    ),
  ],
  [73_000, asked([], 500, label)],
  [80_000, step('lost', 'begins')],
  [80_500, lost(2, 'lost', other)],
  [84_000, lost(2, 'lost', other)],
  [90_000, step('lost', 'ends')],
  [119_000, closed(2, 'client', other)],
];

/** A run in which much goes wrong, as reports tell it: its verdict, and its facts. */
export async function stormyRun(
  change: (entries: Entry[]) => Entry[] = (entries) => entries,
): Promise<readonly [Verdict, RunFacts]> {
  const judge = judgeOf([
    expectOf({ must: { reconnect: { within: '15s' } }, expect: { id: 'back', after: 'reset' } }),
    expectOf({ must: { resubscribe: { within: '15s' } }, expect: { id: 'same', after: 'reset' } }),
    expectOf({ must: { staleness: { within: '20s' } }, expect: { id: 'stale', after: 'mute', severity: 'warn' } }),
    expectOf({ must: { retryAfter: {} }, expect: { id: 'patient', during: 'storm' } }),
    expectOf({ must: { backfill: { within: '15s', exact: true } }, expect: { id: 'whole' } }),
    expectOf({ must: { connections: { atMost: 1 } }, expect: { id: 'single' } }),
    expectOf({ must: { order: { of: ['login', 'subscribe'] } }, expect: { id: 'manners', severity: 'warn' } }),
  ]);
  const entries = change(entriesOf(lines).map((entry) => ({ ...entry, at: entry.at + start })));
  for (const entry of entries) judge.hear(entry);
  const ledger = ledgerOf({ client: label, missed: [missed] }, { client: other });
  const ended = start + 120n * second;
  const facts: RunFacts = {
    scenario: 'opening-bell-storm',
    description: 'A bot must survive a mute feed, an abrupt reset and a 429 storm in the first two minutes of trading.',
    seed: 20_250_401,
    tape: 'fixtures/tapes/2026-07-01-open.parquet',
    speed: 1,
    started: start,
    ended,
    version: '0.1.0',
    again: 'papertape run scenarios/opening-bell-storm.scenario.yaml --seed 20250401 -- node bot.js',
    entries,
    written: entries.length,
    accounts: (await ledger.accounts(new AbortController().signal)).map((one) => ({
      ...one,
      owed: one.client === label ? 18_240 : 240,
    })),
  };
  return [await judge.verdict(ended, ledger), facts];
}

/** What a hostile client, key or scenario may hold. */
const nasty = `</style></title><script>alert(1)</script><img src=x onerror=alert(2)> " ' & ]]> \u0000\u001B[31m \uD800 \u{1F4C8}`;

/** The same run, full of it. */
export function hostile([verdict, facts]: readonly [Verdict, RunFacts]): readonly [Verdict, RunFacts] {
  const findings = verdict.findings.map((one) => ({
    ...one,
    id: nasty,
    sentence: nasty,
    seen: nasty,
    expected: nasty,
    step: nasty,
  }));
  const entries = facts.entries.map((entry): Entry => {
    const client = 'client' in entry && entry.client !== undefined ? { client: nasty } : {};
    const text = entry.kind === 'heard' ? { text: nasty } : entry.kind === 'asked' ? { url: nasty } : {};
    const names = entry.kind === 'fault' ? { step: nasty, name: nasty } : {};
    return { ...entry, ...client, ...text, ...names };
  });
  const accounts = facts.accounts.map((one) => ({
    ...one,
    client: nasty,
    missed: one.missed.map((gap) => ({ ...gap, symbol: nasty, why: nasty })),
  }));
  return [
    { ...verdict, findings },
    { ...facts, entries, accounts, scenario: nasty, description: nasty, tape: nasty, again: nasty, version: nasty },
  ];
}
/** A run in which nothing happened. */
export const empty: readonly [Verdict, RunFacts] = [
  { passed: true, findings: [], counts: { met: 0, failed: 0, warned: 0 } },
  {
    scenario: 'nothing',
    seed: 1,
    tape: 'none',
    speed: 'max',
    started: 0n,
    ended: 0n,
    version: '0.1.0',
    entries: [],
    written: 0,
    accounts: [],
  },
];
