import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { folderOf } from '../server/scenario/folder.ts';
import { testDatabase } from '../services/index.ts';
import { papertape } from './papertape.ts';

test('the program says who runs it, what it can do, and what its exit codes mean', async () => {
  expect(readFileSync('bin/papertape.ts', 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  const { code, out } = await papertape(['--help']);
  expect(code).toBe(0);
  for (const word of ['serve', 'validate', 'explain', 'init', 'tape', 'db', 'PAPERTAPE_PORT', 'Exit codes:']) {
    expect(out).toContain(word);
  }
  expect((await papertape(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.each(['serve', 'validate', 'explain', 'init', 'schema', 'tape generate', 'tape info', 'db migrate'])(
  '%s --help shows examples',
  async (command) => {
    const { code, out } = await papertape([...command.split(' '), '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Examples:\n(?:.*\n)*? {2}.*papertape ${command}`));
  },
);

test.each([
  [[], 'Usage: papertape'],
  [['sevre'], "unknown command 'sevre'\n(Did you mean serve?)"],
  [['serve', '--prot', '1'], "unknown option '--prot'\n(Did you mean --port?)"],
  [['validate'], "missing required argument 'files'"],
])('used as %j it ends with 2 and shows how', async (words, message) => {
  const { code, err } = await papertape(words);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

test('validate tells good files from bad ones, and ends with 2 when one is bad', async () => {
  await using folder = await folderOf({
    'good.yaml': 'name: good\ntapes: [{ synthetic: {} }]\n',
    'bad.yaml': 'name: bad\ntapes: [{ synthetic: {} }]\nreplay:\n\n    speed: 5000\n',
    'lost.yaml': 'name: lost\ntapes: [{ file: no.ndjson }]\n',
  });
  const good = await papertape(['validate', 'good.yaml'], { folder: folder.path });
  expect(good).toEqual({ code: 0, out: 'good.yaml: ok, scenario good\n', err: '' });
  const all = await papertape(['validate', 'bad.yaml', 'good.yaml', 'lost.yaml'], { folder: folder.path });
  expect(all.code).toBe(2);
  expect(all.out).toBe('good.yaml: ok, scenario good\n');
  expect(all.err).toMatch(
    /^bad\.yaml:5:12 replay\.speed: 5000 – not a speed; use 0\.1–1000 or max\nlost\.yaml:2:9 tapes\[0\]: /,
  );
});

test('explain tells a scenario with the environment applied', async () => {
  const { code, out } = await papertape(['explain', 'scenarios/ci.scenario.yaml'], {
    environment: { PAPERTAPE_SPEED: '10' },
  });
  expect(code).toBe(0);
  expect(out).toContain('Scenario ci\n');
  expect(out).toContain('Events leave at 10 times real time.');
  expect(await papertape(['explain', 'nowhere.yaml'])).toEqual({
    code: 2,
    out: '',
    err: 'nowhere.yaml:1:1 no such file; check the path, or write a scenario with `papertape init`\n',
  });
});

test('init writes a scenario that is valid as it stands, and never over another one unless forced', async () => {
  await using folder = await folderOf({});
  const first = await papertape(['init'], { folder: folder.path });
  expect(first).toMatchObject({
    code: 0,
    out: 'my.scenario.yaml written. Play it with: papertape serve my.scenario.yaml\n',
  });
  const [, schema = ''] =
    /^# yaml-language-server: \$schema=(file:\S+)\n/.exec(await readFile(folder.at('my.scenario.yaml'), 'utf8')) ?? [];
  expect(JSON.parse(readFileSync(new URL(schema), 'utf8'))).toEqual(
    JSON.parse(readFileSync('scenarios/papertape-v1.schema.json', 'utf8')),
  );
  expect(await papertape(['validate', 'my.scenario.yaml'], { folder: folder.path })).toMatchObject({ code: 0 });
  expect(await papertape(['init'], { folder: folder.path })).toMatchObject({
    code: 2,
    err: `${folder.at('my.scenario.yaml')} exists; name another file, or replace it with --force\n`,
  });
  expect(await papertape(['init', '--force'], { folder: folder.path })).toMatchObject({ code: 0 });
});

test('every setting that init shows as a comment is valid too', async () => {
  await using folder = await folderOf({});
  await papertape(['init', 'a.yaml'], { folder: folder.path });
  const written = await readFile(folder.at('a.yaml'), 'utf8');
  const active = written
    .replace(
      /^( *)# (loopCount|atEnd|maxIdle|backpressure|keys|limits|timeline|expect| {2}-| {2}outbox| {2}connects)/gm,
      '$1$2',
    )
    .replace('seed: 1', 'seed: ${SEED:-1}');
  expect(active).toContain('\nkeys:\n  - { key');
  await using changed = await folderOf({ 'b.yaml': active });
  expect(await papertape(['validate', 'b.yaml'], { folder: changed.path })).toMatchObject({ code: 0, err: '' });
});

test('schema prints what is committed', async () => {
  expect((await papertape(['schema'])).out).toBe(readFileSync('scenarios/papertape-v1.schema.json', 'utf8'));
});

test('a generated tape can be looked into', async () => {
  await using folder = await folderOf({});
  const span = ['--from', '2026-07-01T09:30:00-04:00', '--to', '2026-07-01T09:30:20-04:00'];
  const words = ['tape', 'generate', 'tapes/open.ndjson.gz', '--symbols', 'AAPL,SPY', ...span, '--seed', '3'];
  const generated = await papertape(words, { folder: folder.path });
  expect(generated).toMatchObject({ code: 0, err: '' });
  const [, count] = /^tapes\/open\.ndjson\.gz written: ([\d,]+) events\n$/.exec(generated.out) ?? [];
  const info = await papertape(['tape', 'info', 'tapes/open.ndjson.gz'], { folder: folder.path });
  expect(info.out).toContain(`\n${count} events, 2026-07-01T13:30:00`);
  expect(info.out).toMatch(/\nAAPL +stocks +[\d,]+ {2}.*quote [\d,]+.*\nSPY +stocks /);
  const json: unknown = JSON.parse(
    (await papertape(['tape', 'info', 'tapes/open.ndjson.gz', '--json'], { folder: folder.path })).out,
  );
  expect(json).toMatchObject({
    events: Number((count ?? '').replaceAll(',', '')),
    symbols: [{ symbol: 'AAPL' }, { symbol: 'SPY' }],
  });
});

test.each([
  [['tape', 'info', 'lost.ndjson'], /^No tape at .*lost\.ndjson/],
  [['tape', 'info', 'tape.txt'], /^tape\.txt: expected a path that ends in \.ndjson/],
  [['tape', 'generate', 'x.ndjson', '--rate', 'fast'], /^--rate: fast – not a number; use a number, such as 80\n$/],
  [['tape', 'generate', 'x.ndjson', '--rate', '1e9'], /^--rate: 1e9 – not a number; /],
  [['tape', 'generate', 'x.ndjson', '--rate', '200000'], /^--rate: 200000 – too large; use 100000 or less\n$/],
  [['tape', 'generate', 'x.ndjson', '--seed', '1.5'], /^--seed: 1.5 – not a whole number; use /],
  [['tape', 'generate', 'x.ndjson', '--day', 'monday'], /^--day: monday – not a day; use one such as 2026-07-01\n$/],
  [['tape', 'generate', 'x.ndjson', '--symbols', ''], /^--symbols: '' – empty; write something, /],
  [['tape', 'generate', 'x.txt', '--day', '2026-07-01'], /x\.txt: no tape ends so/],
  [['db', 'migrate'], /^no database named; give --url, or set DATABASE_URL\n$/],
  [['db', 'migrate', '--url', 'foo'], /^--url: \(hidden\) – no URL of a database; use postgres:\/\/user:password@host/],
  [['db', 'migrate', '--url', 'https://me:geheim@host/x'], /^--url: \(hidden\) – no URL of a database; use [^\n]*\n$/],
])('%j ends with 2 and a way out', async (words, message) => {
  await using folder = await folderOf({});
  const { code, err } = await papertape(words, { folder: folder.path });
  expect(code).toBe(2);
  expect(err).toMatch(message);
});

test('tape generate does not write over a tape that exists, unless it is told to', async () => {
  await using folder = await folderOf({ 'day.ndjson': 'precious\n' });
  const words = ['tape', 'generate', 'day.ndjson', '--symbols', 'AAPL', '--rate', '5'];
  const span = ['--from', '2026-07-01T09:30:00-04:00', '--to', '2026-07-01T09:30:10-04:00'];
  const refused = await papertape([...words, ...span], { folder: folder.path });
  expect(refused).toMatchObject({ code: 2, err: 'day.ndjson exists; name another file, or replace it with --force\n' });
  expect(await papertape([...words, ...span, '--force'], { folder: folder.path })).toMatchObject({ code: 0 });
});

test('a database that cannot be reached is a failure, told without its password', async () => {
  const { code, err } = await papertape(['db', 'migrate', '--url', 'postgres://me:geheim@127.0.0.1:1/x']);
  expect(code).toBe(1);
  expect(err).toMatch(/^Cannot reach database "x" at me@127\.0\.0\.1:1/);
  expect(err).not.toContain('geheim');
});

test('db migrate brings an empty database up to date, and a second time finds nothing to do', async () => {
  await using database = await testDatabase('empty');
  const first = await papertape(['db', 'migrate'], { environment: { DATABASE_URL: database.url } });
  expect(first).toMatchObject({ code: 0, err: '' });
  expect(first.out).toMatch(/ applied: 0000_/);
  const second = await papertape(['db', 'migrate', '--url', database.url]);
  expect(second.out).toMatch(/: up to date \(\d+ migrations\); storage: /);
});
