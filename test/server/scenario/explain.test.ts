import { expect, test } from 'vitest';
import { explainScenario, parseScenario } from '../../../server/scenario/index.ts';

const explained = async (text: string): Promise<string> =>
  explainScenario((await parseScenario(`name: t\n${text}`, 't.yaml', {})).scenario);

const tape = 'tapes: [{ file: day.ndjson }]\n';

test('a scenario is told in plain sentences, from tape to limits', async () => {
  const text = await explained(`description: Shows one hour.
seed: 7
tapes: [{ file: day.ndjson }, { file: { path: night.parquet, symbols: [AAPL] } }]
replay:
  mode: date_range
  range: { from: "2025-04-01T09:30:00-04:00", to: "2025-04-01T10:30:00.5-04:00", outside: clip }
  symbols: [AAPL]
  speed: 10
  maxIdle: 2s
  atEnd: close
keys:
  - { key: PK1, secret: hidden, sessions: 2 }
  - { key: PK2, plan: plus, symbols: 1 }
limits: { outbox: 64KiB, connectsPerMinute: 60 }
endpoints: { alpaca: {} }
`);
  const [exchange] = text.split('\n').filter((line) => line.includes('Alpaca'));
  expect(text).toBe(`Scenario t
  Shows one hour.

What plays
  The tape file day.ndjson.
  The tape file night.parquet, only AAPL.
  The 2 tapes are merged, oldest event first.
  Only AAPL plays; other symbols stay silent.
  All chance comes from seed 7: the same file and seed give the same events.

How it plays
  It plays from 2025-04-01 09:30:00 New York up to, not including, 2025-04-01 10:30:00.5 New York, once, then every connection is closed.
  Where the tapes hold less than that, it plays what there is.
  It starts when the first client subscribes, so that nothing is missed.
  Events leave at 10 times real time.
  Silences of the market longer than 2s are cut to that.
  Events of the same 1ms share a frame.
  Events carry the times they were recorded with.

Who may connect
${exchange ?? ''}
  Only these 2 keys are accepted:
  - PK1: its own secret, the default plan, 2 sessions
  - PK2: any secret, plan plus, 1 symbol

Limits
  A client's message may have 1MiB.
  More than 60 connections a minute from one address are refused with HTTP 429.
  A client that lets 64KiB pile up is slow and is refused as the exchange does it.`);
  expect(text).not.toContain('hidden');
});

test.each([
  ['', 'When the tape ends it starts over, for ever.'],
  ['replay: { loopCount: 3 }', 'The tape plays 3 times, then the connections stay open and fall silent.'],
  ['replay: { mode: single_pass, atEnd: close }', 'The tape plays once, then every connection is closed.'],
  ['replay: { startAt: 2025-01-15 }', 'The first pass begins at 2025-01-15 00:00:00 New York.'],
  ['replay: { startOn: command }', 'It waits for a command to start. Only a program that runs Papertape can give it'],
  ['replay: { pacing: precise }', 'Events leave in real time, woken within some tenths of a millisecond.'],
  ['replay: { frameWindow: 0s }', 'Only events of the same instant share a frame.'],
  ['replay: { timestamps: now }', 'Every event is stamped with the moment it is sent.'],
  [
    'replay: { speed: max }',
    'A client that lets 1MiB pile up is slow: the tape waits for it, up to 10s, and then it is refused',
  ],
  ['replay: { backpressure: drop }', 'slow and misses events until it has caught up.'],
  ['replay: { speed: max, backpressure: drop }', 'slow and misses events until it has caught up.'],
  ['replay: { speed: max, backpressure: disconnect }', 'slow and is refused as the exchange does it.'],
  ['keys: [{ key: A }]', 'Only this key is accepted:'],
  ['endpoints: {}', 'No exchange answers, so it cannot be served'],
])('%j is told as %j', async (text, sentence) => {
  expect(await explained(tape + text)).toContain(sentence);
});

test('a plan that no exchange has is told, with those there are', async () => {
  const text = await explained(
    `${tape}endpoints: { alpaca: {} }\nkeys: [{ key: PK1, plan: silver }, { key: PK2, plan: basic }]\n`,
  );
  expect(text).toContain(
    '- PK1: any secret, plan silver, which no exchange has, so it cannot be served (there are basic, plus, broker)\n',
  );
  expect(text).toContain('- PK2: any secret, plan basic\n');
});
