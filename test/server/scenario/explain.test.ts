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
  [
    'replay: { startOn: command }',
    'It waits for a command to start, from the admin API or its page, or from a program that runs Papertape.',
  ],
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

test('what goes wrong and what is expected is told step by step: when, what, whom, until when', async () => {
  const text = await explained(`${tape}timeline:
  - { id: mute, at: 30s, for: 25s, inject: { mute: {} }, target: { endpoint: alpaca/v2/iex, symbols: [AAPL, MSFT] } }
  - { id: first, at: 0s, inject: { reset: {} }, target: { sessions: newest } }
  - { id: storm, after: mute, plus: 5s, times: 3, inject: { refuseUpgrade: { status: 429, retryAfter: 3s } } }
  - { id: bell, market: open+30s, for: run, realtime: true, inject: { drop: {} }, target: { key: PK1, channels: [trade, quote] } }
  - { id: late, at: 5s, realtime: true, for: 1m, inject: { limitConnections: { most: 1 } }, target: { key: PK1 } }
  - { id: held, after: late, plus: 2s, realtime: true, for: 1m, inject: { limitSymbols: { most: 30 } } }
  - { id: no, at: 5s, for: 1m, inject: { refuseSubscription: {} }, target: { symbols: [AAPL], channels: [trade, quote] } }
rules:
  - { id: hourly, when: { interval: 1h }, realtime: true, inject: { reset: {} } }
  - { id: flaky, for: run, inject: { latency: { mean: 40ms, jitter: 15ms } } }
  - { id: dirty, when: { message: { every: 500 } }, inject: { drop: {} } }
  - { id: third, when: { connection: { nth: 3 } }, inject: { halfOpen: {} }, times: 1 }
  - { id: again, when: { client: { does: subscribe, nth: 2 } }, inject: { withholdAck: {} } }
  - { id: rush, when: { rate: { above: 800/s } }, probability: 0.02, per: connection, inject: { reorder: {} } }
  - { id: nightly, when: { market: "16:00" }, for: 1m, inject: { shutDown: {} } }
expect:
  - { id: back, after: first, must: { reconnect: { within: 5s } } }
  - { id: calm, during: storm, severity: warn, must: { reconnect: { within: 1m } }, target: { endpoint: alpaca } }`);
  const [, told = ''] = text.split('\n\nWhat goes wrong\n');
  expect(told.split('\n')).toEqual([
    '  - mute: 30s into the tape, no data comes while pings and requests are still answered; for 25s; only on alpaca/v2/iex, events of AAPL and MSFT.',
    '  - first: with the first event, the connection is reset, and what was on its way may be lost; only the newest session.',
    '  - storm: 5s after mute is over, who wants to connect gets HTTP 429, to come back after 3s; for 3 attempts.',
    '  - bell: at open+30s, the first time it comes, events are lost on the way while the connection stays open; until the run ends; only with key PK1, trades and quotes.',
    '  - late: 5s of real time after the tape begins to play, a key may have no more than 1 connection on a path; for 1m of real time; only with key PK1.',
    '  - held: 2s of real time after late is over, a connection may hold no more than 30 symbols; for 1m of real time.',
    '  - no: 5s into the tape, subscriptions are refused (not-in-plan); for 1m; only subscriptions to trades and quotes of AAPL, not those to *.',
    '  - hourly: every 1h of real time, from when the tape begins to play, the connection is reset, and what was on its way may be lost.',
    '  - flaky: what is sent arrives 40ms late, give or take 15ms (normal); until the run ends.',
    '  - dirty: at every 500th event that a session hears, events are lost on the way while the connection stays open.',
    '  - third: for the 3rd connection, nothing arrives in either direction, and the connection is reset when that is over; once at most.',
    '  - again: when a client subscribes, the 2nd time, clients never hear that they are subscribed.',
    '  - rush: while a session hears more than 800 events a second, events are held back until there are 8, and go on in an order drawn by chance; with a chance of 2% drawn once for each connection.',
    '  - nightly: each day at 16:00, connections are closed with code 1012, and who comes back meanwhile gets HTTP 503; for 1m.',
    '',
    'What is expected',
    '  - back: after first has begun, a client whose connection ends is logged in again within 5s. Else the run fails.',
    '  - calm: while storm lasts, a client whose connection ends is logged in again within 1m; only on alpaca. Else it is a warning.',
  ]);
});
