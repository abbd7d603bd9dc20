import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { explainScenario, loadScenario, parseScenario, printProblem } from '../../../../server/scenario/index.ts';
import { parseEnd, parseInstant } from '../../../../server/scenario/instant.ts';
import { complaintsAboutAll } from '../complaints.ts';
import { folderOf } from '../folder.ts';
import { blocks } from './blocks.ts';

const load = async (text: string, environment: Readonly<Record<string, string>> = {}) =>
  await parseScenario(text, 'config.yaml', environment);
const recycler = (lines: string): string => `websocket:\n  mode: recycler\n  recycler:\n${lines}`;

const range = (from: string, to: string) => ({ from: parseInstant(from), to: parseEnd(to), outside: 'clip' });

test.each([
  ['loop mode', { mode: 'loop', speed: 1, symbols: ['AAPL'], loopCount: -1 }],
  ['date range mode', { mode: 'date_range', speed: 2, range: range('2025-06-23', '2025-06-30') }],
  ['single pass mode', { mode: 'single_pass', speed: 5, symbols: ['AAPL'] }],
  ['main configuration', { mode: 'loop', speed: 1, loopCount: -1, symbols: ['AAPL', 'MSFT', 'GOOGL'] }],
  ['continuous development testing', { mode: 'loop', speed: 2, loopCount: -1 }],
  ['specific market event testing', { mode: 'date_range', speed: 1, range: range('2025-06-23', '2025-06-25') }],
  ['fast testing', { mode: 'single_pass', speed: 10 }],
  ['available data range testing', { mode: 'date_range', range: range('2025-06-23', '2025-07-23') }],
  ['shipped', { mode: 'loop', speed: 1, loopCount: -1, symbols: ['AAPL', 'PDFS', 'ROG'] }],
] as const)('the block "%s" of its documents is a scenario as it stands', async (name, replay) => {
  const { scenario } = await load(blocks[name]);
  expect(scenario.replay).toMatchObject({ ...replay, timestamps: 'shifted', maxIdle: 60_000_000_000n, atEnd: 'close' });
  expect(Object.keys(scenario.endpoints ?? {}).sort()).toEqual(['alpaca', 'recycler']);
  expect(scenario.endpoints?.recycler?.path).toBe('/');
});

test('its table is played without the rows of earlier replays, from the database its own variables name', async () => {
  const url = async (environment: Readonly<Record<string, string>>): Promise<string> => {
    const { scenario } = await load(blocks['loop mode'], environment);
    const [tape] = scenario.tapes;
    expect(tape?.postgres).toMatchObject({
      timeZone: 'UTC',
      tables: [{ table: 'market_data', columns: { at: 'timestamp' }, where: { data_source: 'alpaca' } }],
    });
    return tape?.postgres?.url ?? '';
  };
  expect(await url({})).toBe('postgres://localhost:5432/trading_system');
  const own = { DB_HOST: 'db', DB_PORT: '5433', DB_NAME: 'mine', DB_USER: 'me', DB_PASSWORD: 'p@ss/word' };
  expect(await url({ ...own, DATABASE_URL: 'postgres://other/one' })).toBe('postgres://me:p%40ss%2Fword@db:5433/mine');
  expect(await url({ DATABASE_URL: 'postgres://other/one' })).toBe('postgres://other/one');
});

test('the variables of the old system speak over the file, and ours over both', async () => {
  const { scenario, advice } = await load(blocks.shipped, {
    WEBSOCKET_MODE: 'recycler',
    RECYCLER_REPLAY_SPEED: '2.0',
    RECYCLER_SYMBOLS: 'AAPL, MSFT',
  });
  expect(advice).toEqual([]);
  expect(scenario.replay).toMatchObject({ speed: 2, symbols: ['AAPL', 'MSFT'] });
  const { scenario: over } = await load(blocks.shipped, { RECYCLER_REPLAY_SPEED: '2.0', PAPERTAPE_SPEED: 'max' });
  expect(over.replay.speed).toBe('max');
});

test.each([
  ['RECYCLER_REPLAY_SPEED', 'fast', 'websocket.recycler.replay_speed: fast – not a number; use a number'],
  ['WEBSOCKET_MODE', 'live', 'websocket.mode: live – not one of the choices; use alpaca or recycler'],
  [
    'RECYCLER_SYMBOLS',
    ',',
    'websocket.recycler.symbols: [] – empty; list at least one, such as ["AAPL","MSFT"], or leave it out',
  ],
])('%s=%s is refused by its name', async (variable, text, complaint) => {
  expect(await complaintsAboutAll(blocks.shipped, { [variable]: text })).toEqual([`${variable} ${complaint}`]);
});

test.each([
  ['    replay_sped: 2', 't.yaml:4:5 websocket.recycler.replay_sped: unknown key; did you mean replay_speed?'],
  [
    '    replay_speed: 0',
    't.yaml:4:19 websocket.recycler.replay_speed: 0 – not a speed; use 0.1 to 1000, 1.0 is real time',
  ],
  [
    '    replay_mode: lop',
    't.yaml:4:18 websocket.recycler.replay_mode: lop – not one of the choices; did you mean loop? (use loop, date_range or single_pass)',
  ],
  [
    '    replay_mode: date_range',
    't.yaml:4:18 websocket.recycler.replay_mode: date_range – needs dates; add date_range with start_date and end_date',
  ],
  [
    '    loop_count: 0',
    't.yaml:4:17 websocket.recycler.loop_count: 0 – not a number of passes; use 1 or more, or -1 for ever',
  ],
  [
    '    server_url: localhost',
    't.yaml:4:17 websocket.recycler.server_url: localhost – not a WebSocket address; write one such as ws://localhost:8765',
  ],
  [
    '    date_range: { start_date: 2025-06-31, end_date: 2025-06-30 }',
    't.yaml:4:31 websocket.recycler.date_range.start_date: 2025-06-31 – not a day of the calendar; write one such as 2025-06-23',
  ],
  [
    '    date_range: { start_date: 2025-06-30, end_date: 2025-06-23 }',
    't.yaml:4:53 websocket.recycler.date_range.end_date: 2025-06-23 – before start_date; give the same day or a later one',
  ],
  [
    '    data_retention: { recycled_data_days: 0 }',
    't.yaml:4:43 websocket.recycler.data_retention.recycled_data_days: 0 – not a time to keep rows; use a number of days above 0',
  ],
])('a mistake in the block is told in its own names: %j', async (line, complaint) => {
  const [first] = await complaintsAboutAll(recycler(line));
  expect(first).toBe(complaint);
});

test('what stops nothing is told all the same', async () => {
  const told = async (text: string): Promise<string[]> => (await load(text)).advice.map(printProblem);
  expect(await told(blocks.shipped)).toEqual([
    'config.yaml:5:9 websocket.mode: alpaca – the old client goes to Alpaca itself and never comes here; set recycler here, or WEBSOCKET_MODE=recycler, for the client too',
  ]);
  expect(
    await told(recycler('    server_url: ws://localhost:9000/feed\n    replay_mode: single_pass\n    loop_count: 3')),
  ).toEqual([
    'config.yaml:4:17 websocket.recycler.server_url: ws://localhost:9000/feed – the old client looks for it on port 9000; serve with --port 9000',
    'config.yaml:6:17 websocket.recycler.loop_count: 3 – counts in replay_mode loop only; single_pass plays once; remove it, or use loop',
  ]);
});

test('explain tells it in plain sentences', async () => {
  const { scenario } = await load(blocks['date range mode'], { DB_HOST: 'db', DB_USER: 'me', DB_PASSWORD: 'hidden' });
  const told = explainScenario(scenario);
  expect(told).toContain('The rows of market_data as bars in database "trading_system" at me@db:5432.');
  expect(told).toContain('Only AAPL, MSFT play');
  expect(told).toContain(
    'It plays from 2025-06-23 00:00:00 New York up to, not including, 2025-07-01 00:00:00 New York',
  );
  expect(told).toContain('at 2 times real time');
  expect(told).toContain('The recycler of prefect-trading on /');
  expect(told).not.toContain('hidden');
});

test('a scenario may extend it and play other tapes; then its database is not cleaned', async () => {
  await using folder = await folderOf({
    'config/config.yaml': blocks['main configuration'],
    'mine.scenario.yaml': 'extends: config/config.yaml\nname: mine\ntapes: [{ synthetic: {} }]\nreplay: { speed: 7 }\n',
  });
  const { scenario, retention } = await loadScenario(folder.at('mine.scenario.yaml'));
  expect(scenario).toMatchObject({
    name: 'mine',
    replay: { mode: 'loop', speed: 7, symbols: ['AAPL', 'MSFT', 'GOOGL'] },
  });
  expect(scenario.tapes[0]?.synthetic).toBeDefined();
  expect(retention).toBeUndefined();
  expect((await loadScenario(folder.at('config/config.yaml'))).retention?.days).toBe(1);
});

test('the scenarios that docs/recycler.md shows are scenarios', async () => {
  const shown = [...readFileSync('docs/recycler.md', 'utf8').matchAll(/```yaml\n([\s\S]+?)```/g)].map(
    ([, yaml = '']) => yaml,
  );
  const files = Object.fromEntries(shown.map((yaml, index) => [`${index}.yaml`, yaml]));
  await using folder = await folderOf({ ...files, 'config/config.yaml': blocks.shipped });
  const loaded = Object.keys(files).map(
    async (name) => await loadScenario(folder.at(name), { DATABASE_URL: 'postgres://db/x' }),
  );
  const names = (await Promise.all(loaded)).map(({ scenario }) => scenario.name);
  expect(names).toEqual(['for-old-clients', 'recycler']);
});
