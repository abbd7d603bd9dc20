import { expect, test } from 'vitest';
import { parseScenario } from '../../../server/scenario/index.ts';
import { complaintsAbout } from './complaints.ts';

const must = 'must: { reconnect: { within: 5s } }';

test.each([
  [
    'timeline: [{ id: a, at: 1s, inject: { mute: {} } }]',
    't.yaml:3:12 timeline[0]: does not say when mute ends; add for, such as for: 30s, or times, or for: run if it shall last until the run ends',
  ],
  [
    'timeline:\n  - { id: a, at: 1s, inject: { reset: {} } }\n  - { id: a, at: 2s, inject: { reset: {} } }',
    't.yaml:5:11 timeline[1].id: a – also the id of timeline[0]; give one of the two another',
  ],
  [
    `timeline: [{ id: a, at: 1s, inject: { reset: {} } }]\nexpect: [{ id: a, ${must} }]`,
    't.yaml:4:16 expect[0].id: a – also the id of timeline[0]; give one of the two another',
  ],
  [
    'timeline:\n  - { id: mute, at: 1s, for: 3s, inject: { mute: {} } }\n  - { id: next, after: mtue, inject: { reset: {} } }',
    't.yaml:5:24 timeline[1].after: mtue – no step is called that; did you mean mute?',
  ],
  [
    `rules: [{ id: dirty, when: { message: { every: 9 } }, inject: { drop: {} } }]\nexpect: [{ id: e, during: durty, ${must} }]`,
    't.yaml:4:27 expect[0].during: durty – no step is called that; did you mean dirty?',
  ],
  [
    `expect: [{ id: e, after: storm, ${must} }]`,
    't.yaml:3:26 expect[0].after: storm – no step is called that; leave it out, or add a step of that id',
  ],
  [
    `timeline: [{ id: s, at: 1s, inject: { reset: {} } }]\nexpect: [{ id: one, ${must} }, { id: two, after: one, ${must} }]`,
    't.yaml:4:78 expect[1].after: one – an expectation, which nothing comes after; use one of s',
  ],
  [
    'timeline:\n  - { id: a, after: b, inject: { reset: {} } }\n  - { id: b, after: a, inject: { reset: {} } }',
    't.yaml:4:21 timeline[0].after: b – comes after itself (a → b → a); begin one of them with at or market',
  ],
  [
    'timeline:\n  - { id: a, at: 1s, for: run, inject: { mute: {} } }\n  - { id: b, after: a, inject: { reset: {} } }',
    't.yaml:5:21 timeline[1].after: a – lasts until the run ends, so that nothing comes after it; give a a time such as for: 30s, or times, or begin this one with at or market',
  ],
  [
    'timeline: [{ id: a, at: 1s, for: 1s, inject: { mute: {}, reset: {} } }]',
    't.yaml:3:46 timeline[0].inject: names 2 faults, reset and mute; keep one here, and give each a step of its own',
  ],
  [
    'timeline: [{ id: a, at: 1s, for: 1s, inject: { mutte: {} } }]',
    't.yaml:3:48 timeline[0].inject.mutte: unknown key; did you mean mute?',
  ],
  [
    'timeline: [{ id: a, at: 1s, for: 1s, inject: {} }]',
    't.yaml:3:46 timeline[0].inject: {} – names no fault; name one, such as close, reset, hangUp, halfOpen, kickSlow, evict …',
  ],
  [
    'timeline: [{ id: a, at: 1s, fro: 1s, inject: { mute: {} } }]',
    't.yaml:3:29 timeline[0].fro: unknown key; did you mean for?',
  ],
  [
    'timeline: [{ id: a, at: 1s, for: 0s, inject: { mute: {} } }]',
    't.yaml:3:34 timeline[0].for: 0s – too short to strike; use a longer time such as 30s, or times',
  ],
  [
    'rules: [{ id: a, inject: { mute: {} } }]',
    't.yaml:3:9 rules[0]: does not say when it holds; add when, or for, such as for: run, or times, or a probability below 1',
  ],
  [
    'rules: [{ id: a, probability: 0.5, inject: { reset: {} } }]',
    't.yaml:3:9 rules[0]: is over before anybody comes, since reset ends at once; add for: run, times, or when',
  ],
  [
    'rules: [{ id: a, when: { interval: 2h }, inject: { latency: { mean: 20ms } } }]',
    't.yaml:3:9 rules[0]: does not say when latency ends, and begins it again each time; add for, such as for: 30s',
  ],
  [
    'rules: [{ id: a, for: run, inject: { latency: { mean: 40ms, jitter: 60ms } } }]',
    't.yaml:3:69 rules[0].inject.latency.jitter: 60ms – more than the mean, which would be early; use less, or distribution lognormal or pareto',
  ],
  [
    'rules: [{ id: a, for: run, inject: { latency: { mean: 0s } } }]',
    't.yaml:3:55 rules[0].inject.latency.mean: 0s – no latency; make it longer than 0s',
  ],
  [
    'timeline: [{ id: a, at: 1s, target: { symbols: [SPY] }, inject: { reset: {} } }]',
    't.yaml:3:48 timeline[0].target.symbols: reset strikes a connection as a whole, whatever it hears; leave it out, or name sessions, a key or an endpoint',
  ],
  [
    'timeline: [{ id: a, at: 1s, for: 1s, target: { channels: [bar] }, inject: { limitSymbols: { most: 5 } } }]',
    't.yaml:3:58 timeline[0].target.channels: limitSymbols strikes a connection as a whole, whatever it hears; leave it out, or name sessions, a key or an endpoint',
  ],
  [
    'timeline: [{ id: a, at: 1s, for: 1s, inject: { limitConnections: { most: 0 } } }]',
    't.yaml:3:74 timeline[0].inject.limitConnections.most: 0 – none at all; leave it out, which refuses every login',
  ],
  [
    'rules: [{ id: a, for: run, target: { sessions: oldest }, inject: { rejectRequest: { status: 500 } } }]',
    't.yaml:3:48 rules[0].target.sessions: oldest – rejectRequest strikes requests over HTTP, which are of no session; leave it out, or name a key',
  ],
  [
    'rules: [{ id: a, for: run, target: { key: k }, inject: { refuseUpgrade: {} } }]',
    't.yaml:3:43 rules[0].target.key: (hidden) – refuseUpgrade strikes before a client has shown its key; leave it out, or name an endpoint',
  ],
  [
    'rules: [{ id: a, when: { connection: { nth: 2 } }, target: { key: k }, inject: { reset: {} } }]',
    't.yaml:3:67 rules[0].target.key: (hidden) – a connection is counted before a client has shown its key; leave it out, or name an endpoint',
  ],
  [
    'timeline: [{ id: a, at: 36501d, inject: { reset: {} } }]',
    't.yaml:3:25 timeline[0].at: 36501d – too long; use 36500d or less',
  ],
  [
    `rules: [{ id: a, for: run, inject: { latency: { mean: ${'9'.repeat(400)}s } } }]`,
    `t.yaml:3:55 rules[0].inject.latency.mean: ${'9'.repeat(59)}… – too long; use 36500d or less`,
  ],
  [
    'rules: [{ id: a, for: run, inject: { slice: { bytes: 0 } } }]',
    't.yaml:3:54 rules[0].inject.slice.bytes: 0 – too small; use 1 or more',
  ],
  [
    'timeline: [{ id: a, market: opne, inject: { reset: {} } }]',
    't.yaml:3:29 timeline[0].market: opne – not a moment of the market; use open+30s, close-5m (a day at most), a time in New York such as "09:31:00" in quotes, or an instant with its zone',
  ],
])('%j is refused with its place and the way out: %j', async (text, line) => {
  expect(await complaintsAbout(text)).toEqual([line]);
});

test('everything wrong with steps is told at once, from top to bottom', async () => {
  const lines = await complaintsAbout(`timeline:
  - { id: a, at: 1s, inject: { mute: {} } }
  - { id: a, after: nobody, for: 1s, inject: { mut: {} } }
rules:
  - { id: r, inject: { latency: { mean: 1s, jitter: 2s } } }`);
  expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    't.yaml:4:5 timeline[0]:',
    't.yaml:5:11 timeline[1].id:',
    't.yaml:5:21 timeline[1].after:',
    't.yaml:5:48 timeline[1].inject.mut:',
    't.yaml:7:5 rules[0]:',
    't.yaml:7:53 rules[0].inject.latency.jitter:',
  ]);
});

test.each([
  'timeline: [{ id: a, at: 1s, inject: { reset: {} } }]',
  'timeline: [{ id: a, at: 1s, for: run, inject: { mute: {} } }]',
  'timeline: [{ id: a, at: 1s, for: 5s, inject: { reset: {} } }]',
  'timeline: [{ id: a, at: 1s, times: 3, inject: { refuseUpgrade: { status: 429 } } }]',
  'timeline:\n  - { id: a, at: 1s, for: run, times: 2, inject: { drop: {} } }\n  - { id: b, after: a, inject: { reset: {} } }',
  'timeline: [{ id: s, after: r, inject: { reset: {} } }]\nrules: [{ id: r, when: { client: { does: login, nth: 2 } }, inject: { drop: {} } }]',
  'timeline: [{ id: a, at: 1s, for: 1s, target: { symbols: [SPY], channels: [quote] }, inject: { limitSymbols: {} } }]',
  'rules: [{ id: a, probability: 0.01, inject: { drop: {} } }]',
  'rules: [{ id: a, for: run, inject: { latency: { mean: 40ms } } }]',
  'rules: [{ id: a, when: { interval: 2h }, inject: { shutDown: {} }, for: 1m }]',
  'rules: [{ id: a, when: { connection: { nth: 3 } }, inject: { latency: { mean: 1s } } }]',
  `rules: [{ id: r, when: { message: { every: 9 } }, inject: { drop: {} } }]\nexpect: [{ id: e, after: r, ${must} }]`,
])('%j is accepted', async (text) => {
  expect(await complaintsAbout(text)).toEqual([]);
});

test('a program that brings its scenario as text meets the same refusals', async () => {
  const text = 'name: t\ntapes: [{ synthetic: {} }]\ntimeline: [{ id: a, after: a, inject: { reset: {} } }]';
  await expect(parseScenario(text, 'brought.yaml')).rejects.toThrow(
    'brought.yaml:3:28 timeline[0].after: a – comes after',
  );
});
