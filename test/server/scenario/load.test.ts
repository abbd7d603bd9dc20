import { expect, test } from 'vitest';
import { loadScenario, parseScenario } from '../../../server/scenario/index.ts';
import { complaintsAbout, complaintsAboutAll } from './complaints.ts';

test('a scenario of two lines plays for ever, in real time, for any key', async () => {
  const { scenario, directory } = await parseScenario('name: t\ntapes: [{ synthetic: {} }]', 'a/t.yaml', {});
  expect(scenario).toMatchObject({
    apiVersion: 'papertape/v1',
    name: 't',
    seed: 1,
    replay: {
      mode: 'loop',
      loopCount: -1,
      atEnd: 'keep',
      speed: 1,
      pacing: 'economical',
      startOn: 'subscribed',
      timestamps: 'original',
      backpressure: 'pause',
      frameWindow: 1_000_000n,
    },
    limits: { outbox: 2 ** 20, message: 2 ** 20, stall: 10_000_000_000n },
  });
  expect(scenario.keys).toBeUndefined();
  expect(directory).toBe('a');
});

test('a program may load a scenario without an environment: no variable is set', async () => {
  expect((await loadScenario('scenarios/ci.scenario.yaml')).scenario.name).toBe('ci');
  await expect(parseScenario('name: ${NAME}\ntapes: [{ synthetic: {} }]', 't.yaml')).rejects.toThrow(
    't.yaml:1:7 name: ${NAME} – the variable NAME is not set',
  );
});

test('durations, sizes and dates become nanoseconds and bytes; a range of one date is that whole day in New York', async () => {
  const { scenario } = await parseScenario(
    `name: t
tapes: [{ synthetic: {} }]
replay:
  mode: date_range
  range: { from: 2025-03-09, to: 2025-03-09 }
  maxIdle: 1.5s
  frameWindow: 0s
limits: { outbox: 64KiB, message: 2048, stall: 2m }`,
    't.yaml',
    {},
  );
  const { range, maxIdle, frameWindow } = scenario.replay;
  // The clocks of New York went forward on that day, so it had 23 hours.
  expect(range).toMatchObject({ outside: 'refuse', from: BigInt(Date.parse('2025-03-09T05:00:00Z')) * 1_000_000n });
  expect((range?.to ?? 0n) - (range?.from ?? 0n)).toBe(23n * 3_600_000_000_000n);
  expect([maxIdle, frameWindow]).toEqual([1_500_000_000n, 0n]);
  expect(scenario.limits).toMatchObject({ outbox: 65_536, message: 2048, stall: 120_000_000_000n });
});

test.each([
  ['replay:\n  speed: 5000', 't.yaml:4:10 replay.speed: 5000 – not a speed; use 0.1–1000 or max'],
  ['replay: { speed: fast }', 't.yaml:3:18 replay.speed: fast – not a speed; use 0.1–1000 or max'],
  ['replay: { mod: loop }', 't.yaml:3:11 replay.mod: unknown key; did you mean mode?'],
  ['speed: 4', 't.yaml:3:1 speed: unknown key; did you mean replay.speed?'],
  [
    'replay: { mode: date-range }',
    't.yaml:3:17 replay.mode: date-range – not one of the choices; did you mean date_range? (use loop, date_range or single_pass)',
  ],
  [
    'replay: { mode: date_range }',
    't.yaml:3:17 replay.mode: date_range – needs a range; add replay.range with from and to',
  ],
  [
    'replay: { range: { from: 2025-04-01, to: 2025-04-02 } }',
    't.yaml:3:18 replay.range: belongs to mode date_range; set that mode or remove it',
  ],
  [
    'replay: { mode: date_range, range: { from: 2025-04-02, to: 2025-04-01 } }',
    't.yaml:3:60 replay.range.to: 2025-04-01 – not after `from`; give a later instant',
  ],
  [
    'replay: { startAt: 2025-02-30 }',
    't.yaml:3:20 replay.startAt: 2025-02-30 – not an instant; use a date such as 2025-04-01 (New York) or a time with its zone such as 2025-04-01T09:30:00-04:00',
  ],
  [
    'replay: { maxIdle: 2 }',
    't.yaml:3:20 replay.maxIdle: 2 – a number where text belongs; write it as text, such as 2s',
  ],
  [
    'limits: { stall: soon }',
    't.yaml:3:18 limits.stall: soon – not understood; use a duration such as 250ms, 1.5s or 2m',
  ],
  ['limits: { outbox: 5 }', 't.yaml:3:19 limits.outbox: 5 – out of reach; use a size between 1KiB and 1GiB'],
  ['limits: { sessions: 0 }', 't.yaml:3:21 limits.sessions: 0 – too small; use 1 or more'],
  ['keys: [{ secret: 5 }]', 't.yaml:3:8 keys[0].key: missing; add it, such as PKTEST1'],
  ['replay: { symbols: AAPL }', 't.yaml:3:20 replay.symbols: AAPL – not a list; use a list, such as ["AAPL","MSFT"]'],
  ['rules: [{ id: mute }]', 't.yaml:3:9 rules[0].inject: missing; add it, such as {"mute":{}}'],
  ['seed:', 't.yaml:3:6 seed: null – no value; use a number, such as 1'],
])('%j is answered with %j', async (text, line) => {
  expect(await complaintsAbout(text)).toContain(line);
});

test('reserved lists may be there as long as they are empty', async () => {
  expect(await complaintsAbout('timeline: []\nrules: []\nexpect: []')).toEqual([]);
});

test('everything wrong is told at once, in the order of the file, and secrets are not repeated', async () => {
  const lines = await complaintsAbout(
    'limits: { sessions: x }\nkeys:\n  - key: 12345\n    secret: 67890\nreplay: { speed: 0 }',
  );
  expect(lines.map((line) => line.split(' ', 2).join(' '))).toEqual([
    't.yaml:3:21 limits.sessions:',
    't.yaml:5:10 keys[0].key:',
    't.yaml:6:13 keys[0].secret:',
    't.yaml:7:18 replay.speed:',
  ]);
  expect(lines.join()).not.toMatch(/12345|67890/);
});

test('a mistake inside a tape points into the tape', async () => {
  const [line] = await complaintsAboutAll('name: t\ntapes:\n  - synthetic:\n      rat: 5\n');
  expect(line).toBe('t.yaml:4:7 tapes[0].synthetic.rat: unknown key; did you mean rate?');
});

test('a key that is listed twice is told where it stands again', async () => {
  expect(await complaintsAbout('keys:\n  - { key: PK1 }\n  - { key: PK2 }\n  - { key: PK1, secret: s }')).toEqual([
    't.yaml:6:12 keys[2].key: (hidden) – listed twice; keep one of the two',
  ]);
});
