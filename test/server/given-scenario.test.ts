import { expect, test } from 'vitest';
import {
  loadScenario,
  parseScenario,
  type PapertapeOptions,
  ScenarioError,
  startPapertape,
} from '../../server/index.ts';

const tapes = '- synthetic: { symbols: [AAPL], from: 2026-07-01T10:00:00-04:00, to: 2026-07-01T10:01:00-04:00 }';
const yaml = `name: text
tapes: [${tapes.slice(2)}]
keys: [{ key: PK1, secret: S1 }]
endpoints: { alpaca: {} }
`;
const inline = {
  tapes: [{ synthetic: { symbols: ['AAPL'], from: '2026-07-01T10:00:00-04:00', to: '2026-07-01T10:01:00-04:00' } }],
};

test.each<[string, PapertapeOptions, string]>([
  ['none, which is the default', {}, 'default'],
  ['the name of a ready one', { scenario: 'reset-storm' }, 'reset-storm'],
  ['a file', { scenario: 'scenarios/ci.scenario.yaml' }, 'ci'],
  ['a file in a folder', { scenario: 'ci.scenario.yaml', directory: 'scenarios' }, 'ci'],
  ['YAML text', { scenario: yaml }, 'text'],
  ['YAML text on one line', { scenario: JSON.stringify({ name: 'json', ...inline }) }, 'json'],
  ['an object', { scenario: inline }, 'inline'],
  ['an object whose name is undefined', { scenario: { ...inline, name: undefined } }, 'inline'],
  ['an object with a name', { scenario: { name: 'mine', ...inline } }, 'mine'],
  ['one that is loaded', { scenario: await loadScenario('scenarios/ci.scenario.yaml') }, 'ci'],
  ['one that is parsed', { scenario: (await parseScenario(yaml, 'here.yaml')).scenario }, 'text'],
])('a program starts an exchange on a free port with %s', async (_, options, name) => {
  await using papertape = await startPapertape(options);
  const answer = await fetch(`${papertape.httpUrl}/health`);
  expect(await answer.json()).toMatchObject({ status: 'ok', scenario: name });
  expect(papertape.port).not.toBe(8765);
});

test.each<[string, PapertapeOptions, string]>([
  ['a name that nobody has', { scenario: 'reset-strom' }, 'no ready scenario; did you mean reset-storm?'],
  ['a file that is not there', { scenario: 'gone/my.yaml' }, 'gone/my.yaml:1:1 no such file'],
  [
    'text with a mistake',
    { scenario: `${yaml}replay: { speed: 5000 }\n` },
    'inline:5:18 replay.speed: 5000 – not a speed',
  ],
  [
    'an object with a mistake',
    { scenario: { ...inline, replay: { speed: 5000 } } },
    'scenario replay.speed: 5000 – not',
  ],
])('a program that gives %s hears what is wrong, and where', async (_, options, message) => {
  const starting = startPapertape(options);
  await expect(starting).rejects.toThrow(ScenarioError);
  await expect(starting).rejects.toThrow(message);
});

test('an exchange says how its clients find it, with a key that it accepts', async () => {
  await using papertape = await startPapertape({ scenario: yaml });
  const { port } = papertape;
  expect(papertape).toMatchObject({
    url: `ws://127.0.0.1:${port}`,
    httpUrl: `http://127.0.0.1:${port}`,
    key: 'PK1',
    secret: 'S1',
  });
  expect(papertape.env).toMatchObject({
    PAPERTAPE_URL: papertape.url,
    APCA_API_KEY_ID: 'PK1',
    APCA_API_DATA_URL: papertape.httpUrl,
  });
  expect(papertape.env).not.toHaveProperty('POLYGON_API_KEY');
  expect(papertape.streamUrl('/v2/iex')).toBe(`ws://127.0.0.1:${port}/v2/iex`);
  expect(papertape.streamUrl('/alpaca/v2/iex')).toBe(`ws://127.0.0.1:${port}/alpaca/v2/iex`);
  expect(() => papertape.streamUrl('/v2/iexx')).toThrow(
    '/v2/iexx is no stream of this scenario; did you mean /v2/iex?',
  );
});

test.each(['0.0.0.0', ''])('who listens on every address, told as %j, is reached on loopback', async (host) => {
  await using papertape = await startPapertape({ scenario: yaml, host });
  expect(papertape.url).toBe(`ws://127.0.0.1:${papertape.port}`);
});

test.each([5, true])('%j from a program without types is told to be no scenario', async (scenario) => {
  const started: Promise<unknown> = Reflect.apply(startPapertape, undefined, [{ scenario }]);
  await expect(started).rejects.toThrow(/^no scenario: .*; give a name, a file, YAML text or an object$/);
});
