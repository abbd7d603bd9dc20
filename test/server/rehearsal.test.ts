import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { checkScenario, loadScenario, rehearse, UnplayableError, startPapertape } from '../../server/index.ts';
import { problemsOf } from './scenario/complaints.ts';
import { folderOf } from './scenario/folder.ts';

const { signal } = new AbortController();
const minute = `name: t
tapes:
  - synthetic: { symbols: [AAPL, SPY], from: "2026-07-01T13:30:00Z", to: "2026-07-01T13:31:00Z" }
`;
/** What stands against a scenario of a minute of two stocks, and where; the text begins on line 4. */
async function objections(
  text: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  await using folder = await folderOf({ 't.yaml': minute + text });
  const lines = await problemsOf(loadScenario(folder.at('t.yaml'), environment).then((it) => rehearse(it, signal)));
  return lines.map((line) => line.replace(`${folder.path}/`, ''));
}

test('a scenario that can be played is not objected to', async () => {
  expect(
    await objections('keys: [{ key: A, plan: basic }]\nreplay: { symbols: [SPY] }\nendpoints: { alpaca: {} }'),
  ).toEqual([]);
});

test.each([
  'timeline: [{ id: a, market: open, inject: { reset: {} } }, { id: b, market: "09:30:30", inject: { reset: {} } }]',
  'timeline: [{ id: a, at: 1s, target: { endpoint: polygon/v2/aggs/ticker/AAPL }, for: 3s, inject: { stallRequest: {} } }]',
  'timeline: [{ id: a, at: 1s, target: { endpoint: alpaca/v2/, symbols: [SPY], key: any }, for: 5s, inject: { mute: {} } }]',
])('%j aims at what there is', async (text) => {
  expect(await objections(text)).toEqual([]);
});

test('a scenario that waits for a command is objected to only where nobody could give one', async () => {
  await using folder = await folderOf({ 't.yaml': `${minute}replay:\n  startOn: command` });
  const loaded = await loadScenario(folder.at('t.yaml'), {});
  await checkScenario(loaded, 'can come');
  expect(await problemsOf(checkScenario(loaded, 'cannot come'))).toEqual([
    `${folder.path}/t.yaml:5:12 replay.startOn: command – nobody could give the command, since there is no admin API here; use subscribed or connected, or play it by \`papertape serve\` with an admin port, or from a program with run.play()`,
  ]);
});

test('a step after the end of the tape is warned of: it strikes in the silence that follows', async () => {
  const text = `${minute}replay: { mode: single_pass }\ntimeline: [{ id: a, at: 5m, inject: { reset: {} } }]`;
  await using folder = await folderOf({ 't.yaml': text });
  const warnings: string[] = [];
  await rehearse(await loadScenario(folder.at('t.yaml'), {}), signal, (message) => warnings.push(message));
  expect(warnings).toEqual([
    'timeline[0].at: 5m – later than the end of the tape, which plays 1m at most; it strikes in the silence after it',
  ]);
});

test.each([
  [
    'replay: { symbols: [SPY, ZZZ] }',
    't.yaml:4:20 replay.symbols: ["SPY","ZZZ"] – no ZZZ on the tapes; they hold AAPL, SPY; name only those, or leave replay.symbols out to play all',
  ],
  [
    'replay: { mode: date_range, range: { from: 2025-01-02, to: 2025-01-02 } }',
    't.yaml:4:36 replay.range: {"from":"2025-01-02","to":"2025-01-02"} – nothing between 2025-01-02T05:00:00.000Z and 2025-01-03T05:00:00.000Z; the tapes hold 2026-07-01T13:30:00.000Z to 2026-07-01T13:30:59.999Z; choose a range inside',
  ],
  [
    'replay: { startAt: "2026-07-01T15:00:00Z" }',
    't.yaml:4:20 replay.startAt: 2026-07-01T15:00:00Z – 2026-07-01T15:00:00.000Z lies outside what is played; choose an instant from 2026-07-01T13:30:00.000Z to 2026-07-01T13:30:59.999Z',
  ],
  ['endpoints: {}', 't.yaml:4:12 endpoints: {} – no exchange to play on; name one, or leave endpoints out'],
  [
    'keys:\n  - key: A\n    plan: gold\nendpoints: { alpaca: {} }',
    't.yaml:6:11 keys[0].plan: gold – no such plan; use one of basic, plus, broker',
  ],
  [
    'timeline:\n  - { id: a, at: 1s, target: { endpoint: alpca }, inject: { reset: {} } }',
    't.yaml:5:42 timeline[0].target.endpoint: alpca – nothing answers there; did you mean alpaca?',
  ],
  [
    'timeline:\n  - { id: a, at: 1s, target: { endpoint: alpaca/v2/ixe }, inject: { reset: {} } }',
    't.yaml:5:42 timeline[0].target.endpoint: alpaca/v2/ixe – nothing answers there; did you mean alpaca/v2/iex?',
  ],
  [
    'endpoints: { alpaca: {} }\nexpect:\n  - { id: e, target: { endpoint: polygon }, must: { reconnect: { within: 5s } } }',
    't.yaml:6:34 expect[0].target.endpoint: polygon – nothing answers there; use one of alpaca, or one of their paths such as alpaca/v2/iex',
  ],
  [
    'rules:\n  - { id: a, for: run, target: { symbols: [SPY, AAPLE] }, inject: { mute: {} } }',
    't.yaml:5:49 rules[0].target.symbols[1]: AAPLE – not played; did you mean AAPL?',
  ],
  [
    'replay: { symbols: [SPY] }\nrules:\n  - { id: a, for: run, target: { symbols: [AAPL] }, inject: { mute: {} } }',
    't.yaml:6:44 rules[0].target.symbols[0]: AAPL – not played; use one of SPY',
  ],
  [
    'keys: [{ key: PKTEST1 }]\nrules:\n  - { id: a, for: run, target: { key: PKTEST2 }, inject: { mute: {} } }',
    't.yaml:6:39 rules[0].target.key: (hidden) – not listed under keys; did you mean that of keys[0]?',
  ],
  [
    'timeline: [{ id: a, market: open+5m, inject: { reset: {} } }]',
    't.yaml:4:29 timeline[0].market: open+5m – no such moment is played; the tape goes from 2026-07-01T13:30:00.000Z to 2026-07-01T13:30:59.999Z; choose a moment inside, or use at',
  ],
  [
    'rules: [{ id: a, when: { market: "2025-01-02T09:30:00-05:00" }, inject: { reset: {} } }]',
    't.yaml:4:34 rules[0].when.market: 2025-01-02T09:30:00-05:00 – no such moment is played; the tape goes from 2026-07-01T13:30:00.000Z to 2026-07-01T13:30:59.999Z; choose a moment inside, or use at',
  ],
])('%j is objected to with its place: %j', async (text, line) => {
  expect(await objections(text)).toEqual([line]);
});

test('what a variable asks for in vain is told of the variable', async () => {
  expect(await objections('', { PAPERTAPE_SYMBOLS: 'ZZZ' })).toEqual([
    expect.stringMatching(/^PAPERTAPE_SYMBOLS replay\.symbols: \["ZZZ"\] – no ZZZ on the tapes; they hold AAPL, SPY;/),
  ]);
});

test('tapes that are missing or broken are reported at the lines that name them, all at once', async () => {
  await using folder = await folderOf({
    'lost.yaml': 'name: a\ntapes:\n  - file: lost.ndjson\n  - file: gone.ndjson\nendpoints: {}\n',
    'broken.yaml': 'name: a\ntapes:\n  - file: broken.ndjson\n',
    'broken.ndjson': 'no json\n',
  });
  const said = async (name: string): Promise<readonly string[]> =>
    await problemsOf(loadScenario(folder.at(name), {}).then((loaded) => rehearse(loaded, signal)));
  expect(await said('lost.yaml')).toEqual([
    expect.stringContaining('lost.yaml:5:12 endpoints: '),
    expect.stringMatching(/lost\.yaml:3:5 tapes\[0\]: .*lost\.ndjson/),
    expect.stringMatching(/lost\.yaml:4:5 tapes\[1\]: .*gone\.ndjson/),
  ]);
  expect(await said('broken.yaml')).toEqual([expect.stringMatching(/broken\.yaml:3:5 tapes\[0\]: .*broken\.ndjson:1/)]);
});

test('a program hears the same from startPapertape, without lines of a file', async () => {
  await using folder = await folderOf({ 't.yaml': `${minute}keys: [{ key: A, plan: gold }]\n` });
  const { scenario } = await loadScenario(folder.at('t.yaml'), {});
  await expect(startPapertape({ scenario, port: 0 })).rejects.toThrow(UnplayableError);
});

test('a start that surveys a long tape is given up as soon as its signal aborts', async () => {
  const stop = new AbortController();
  await using folder = await folderOf({ 't.yaml': minute });
  const { scenario } = await loadScenario(folder.at('t.yaml'), {});
  const surveys = new EventEmitter();
  const endless = {
    name: 'endless',
    survey: async (asked: AbortSignal): Promise<never> => {
      surveys.emit('begun');
      return await new Promise((_, reject) => asked.addEventListener('abort', () => reject(asked.reason)));
    },
    pages: async function* (): AsyncGenerator<never> {},
    [Symbol.asyncDispose]: async () => undefined,
  };
  const begun = once(surveys, 'begun');
  const starting = startPapertape({ scenario, port: 0, tapes: [endless], signal: stop.signal });
  await begun;
  stop.abort();
  await expect(starting).rejects.toMatchObject({ name: 'AbortError' });
});
