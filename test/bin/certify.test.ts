import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { suite } from '../../bin/certify/suite.ts';
import { loadScenario } from '../../server/index.ts';
import { folderOf } from '../server/scenario/folder.ts';
import { papertape, start } from './papertape.ts';

const client = (habit: string): string[] => ['--', process.execPath, resolve('test/bin/certify-client.mjs'), habit];
const fast = { environment: { PAPERTAPE_SPEED: '5' } };

test('every scenario of the suite says what it teaches, and expects something of a client', async () => {
  const names = suite();
  expect(names.length).toBeGreaterThanOrEqual(20);
  for (const name of names) {
    const file = `scenarios/certify/${name}.scenario.yaml`;
    const { scenario, advice } = await loadScenario(file);
    expect({ advice, name: scenario.name }).toEqual({ advice: [], name });
    expect(readFileSync(file, 'utf8')).toMatch(/^# Learn here: whether|^# Learn here: what/);
    expect(scenario.expect.filter(({ severity }) => severity === 'error').length).toBeGreaterThan(0);
    expect(scenario.endpoints).toBeUndefined();
    const { from = 0n, to = 0n } = scenario.replay.range ?? {};
    const lasts = Number((to - from) / 1_000_000_000n);
    expect(lasts).toBeGreaterThanOrEqual(10);
    expect(lasts).toBeLessThanOrEqual(60);
  }
});

test('a client that comes back passes, and the score card is written for CI, programs and people', async () => {
  await using folder = await folderOf({});
  const files = ['--junit', 'score.xml', '--json', 'out/score.json', '--html', 'score.html', '--reports', 'runs'];
  const words = ['certify', '--vendor', 'alpaca', '--only', 'tcp-reset,close-1000', '--jobs', '2', ...files];
  const { code, out, err } = await papertape([...words, ...client('comes-back')], { ...fast, folder: folder.path });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^passed +close-1000 +\d+\.\ds {2}1 return, the slowest after \d+ms$/m);
  expect(out).toMatch(/^passed +tcp-reset +\d+\.\ds {2}1 return, the slowest after \d+ms$/m);
  expect(out).toMatch(/^2 of 2 passed\n$/m);
  expect(readFileSync(folder.at('score.xml'), 'utf8')).toMatch(
    /<testcase name="close-1000" classname="certify.alpaca" time="[\d.]+"\/>/,
  );
  expect(JSON.parse(readFileSync(folder.at('out/score.json'), 'utf8'))).toMatchObject({
    report: 'papertape-certify',
    vendor: 'alpaca',
    passed: true,
    counts: { passed: 2, failed: 0, skipped: 0 },
    scores: [{ scenario: 'close-1000', outcome: 'passed' }, { scenario: 'tcp-reset' }],
  });
  expect(readFileSync(folder.at('score.html'), 'utf8')).toContain('<dd>2 of 2</dd>');
  expect(readdirSync(folder.at('runs')).toSorted()).toEqual(['close-1000.html', 'tcp-reset.html']);
  expect(readFileSync(folder.at('runs/tcp-reset.html'), 'utf8')).toContain(
    'PAPERTAPE_SPEED=5 papertape certify --vendor alpaca --only tcp-reset -- ',
  );
});

test('a client that gives up fails, and the card says how and when it ended', async () => {
  await using folder = await folderOf({});
  const words = [
    'certify',
    '--vendor',
    'alpaca',
    '--only',
    'close-1001',
    '--junit',
    'score.xml',
    '--html',
    'score.html',
  ];
  const { code, out } = await papertape([...words, ...client('gives-up')], { ...fast, folder: folder.path });
  expect(code).toBe(1);
  expect(out).toMatch(
    /^FAILED +close-1001 +\d+\.\ds {2}back: \S+ on alpaca\/v2\/iex is still not logged in after .+; the client ended by itself with exit code 0, \d+\.\ds after it had subscribed\n0 of 1 passed\n$/m,
  );
  const junit = readFileSync(folder.at('score.xml'), 'utf8');
  expect(junit).toContain('failures="1"');
  expect(junit).toContain('The client&#39;s last lines:\nclosed with 1001\n');
  expect(readFileSync(folder.at('score.html'), 'utf8')).toContain('closed with 1001');
});

test('a client that ends before it subscribes fails at once', async () => {
  const words = ['certify', '--vendor', 'alpaca', '--only', 'half-open', ...client('never-comes')];
  const { code, out } = await papertape(words);
  expect(code).toBe(1);
  expect(out).toContain('the client ended by itself with exit code 3, before it subscribed to anything');
});

test('what a vendor has nothing for is left out, and fails nobody', async () => {
  const words = ['certify', '--vendor', 'twelvedata', '--only', 'no-greeting', ...client('never-comes')];
  expect(await papertape(words)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^left out +no-greeting +Twelve Data does not greet\n0 of 0 passed, 1 left out\n$/m),
  });
});

test('who stops it has no score, and is told so', async () => {
  const words = ['certify', '--vendor', 'alpaca', '--only', 'close-1000,half-open', ...client('comes-back')];
  await using running = start(words, fast);
  expect(await running.heard(/^passed +close-1000 .*\n/m)).toContain('2 scenarios for alpaca, 2 at a time\n');
  running.signal('SIGINT');
  expect(await running.ending).toMatchObject({ code: 1, err: 'stopped before every scenario was played\n' });
});

test('--list names every scenario and what it is about', async () => {
  const { code, out } = await papertape(['certify', '--list']);
  expect(code).toBe(0);
  expect(
    out
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]),
  ).toEqual(suite());
  expect(out).toMatch(/^mute-feed +No data comes any more, while pings are still answered\.$/m);
});

test.each([
  ['no vendor', ['--', 'true'], /^--vendor is missing: say whose protocol your client speaks, alpaca, polygon, twelvedata\n$/],
  ['a vendor that is none', ['--vendor', 'kraken', '--', 'true'], /^--vendor: kraken – not a vendor; use alpaca, polygon, twelvedata\n$/],
  ['no command', ['--vendor', 'alpaca'], /^no client to certify: give its command after --, such as papertape certify --vendor alpaca -- node bot\.js\n/],
  ['a misspelt scenario', ['--vendor', 'alpaca', '--only', 'mute-fed', '--', 'true'], /^--only: mute-fed – no such scenario; did you mean mute-feed\?\n$/],
  ['no number of jobs', ['--vendor', 'alpaca', '--jobs', 'many', '--', 'true'], /^--jobs: many – expected a whole number from 1 to 64\n$/],
  ['jobs in another notation', ['--vendor', 'alpaca', '--jobs', '0x3', '--', 'true'], /^--jobs: 0x3 – expected a whole number from 1 to 64\n$/],
  ['too many jobs', ['--vendor', 'alpaca', '--jobs', '65', '--', 'true'], /^--jobs: 65 – expected a whole number from 1 to 64\n$/],
  ['a list for a vendor that is none', ['--list', '--vendor', 'Polygn'], /^--vendor: Polygn – not a vendor; did you mean polygon\?\n$/],
  ['a card that cannot be written', ['--vendor', 'alpaca', '--junit', 'package.json/x.xml', '--', 'true'], /^--junit: .*package\.json\/x\.xml: cannot be written \(.*\); choose another place\n$/],
  ['reports that cannot be written', ['--vendor', 'alpaca', '--reports', 'package.json', '--', 'true'], /^--reports: .*package\.json\/[\w-]+\.html: cannot be written \(.*package\.json is not a folder\); choose another place\n$/],
  ['a command that is none', ['--vendor', 'alpaca', '--only', 'close-1000', '--', './no-such-bot'], /^\.\/no-such-bot: no such command; correct the command after --\n$/],
])('certify with %s says what to do instead', async (_, words, message) => {
  const { code, out, err } = await papertape(['certify', ...words]);
  if (!words.includes('./no-such-bot')) expect(out).toBe('');
  expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(message) });
}); // prettier-ignore
