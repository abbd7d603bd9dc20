import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { clientVariables } from '../../server/index.ts';
import { folderOf } from '../server/scenario/folder.ts';
import { testProgram } from '../services/index.ts';
import { papertape, start } from './papertape.ts';

const client = ['--', process.execPath, resolve('test/bin/run-client.mjs')];
const scenario = `name: storm
seed: 5
tapes: [{ synthetic: { symbols: [AAPL], from: "2026-07-01T13:30:00Z", to: "2026-07-01T13:30:20Z", rate: 40 } }]
replay: { mode: single_pass, speed: 10 }
keys: [{ key: PK7, secret: S7-hidden }]
timeline: [{ id: reset, at: 3s, inject: { reset: {} } }]
`;
const back = 'expect: [{ id: back, after: reset, must: { reconnect: { within: 15s } } }]\n';
const warned = 'expect: [{ id: back, after: reset, severity: warn, must: { reconnect: { within: 15s } } }]\n';
const files = { 'storm.yaml': scenario + back, 'warned.yaml': scenario + warned, 'plain.yaml': scenario };

test('a client that comes back passes, and every report says so, without its key', async () => {
  await using folder = await folderOf(files);
  const reports = ['--junit', 'out/j.xml', '--json', 'out/j.json', '--html', 'out/j.html', '--journal', 'out/j.ndjson'];
  const { code, out, err } = await papertape(['run', 'storm.yaml', ...reports, ...client, 'returns'], {
    folder: folder.path,
  });
  expect([code, err]).toEqual([0, expect.stringMatching(/^Papertape plays "storm" at ws:\/\/127\.0\.0\.1:\d+\n$/)]);
  expect(out).toContain('closed 1006\n');
  expect(out).toContain(
    'met      back  error  a client whose connection ends is logged in again within 15s\n1 of 1 met\n',
  );
  expect(out).toContain('seed 5; re-run: papertape run storm.yaml --seed 5 -- ');
  const written = (name: string): string => readFileSync(folder.at(`out/${name}`), 'utf8');
  expect(written('j.xml')).toContain('<testsuites name="papertape" tests="1" failures="0"');
  expect(JSON.parse(written('j.json'))).toMatchObject({ passed: true, scenario: { name: 'storm' }, run: { seed: 5 } });
  expect(written('j.html')).toMatch(/^<!doctype html>/);
  const entries = written('j.ndjson')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => index + 1));
  expect(entries).toContainEqual(
    expect.objectContaining({ kind: 'fault', step: 'reset', phase: 'begins', at: expect.stringMatching(/^\d+$/) }),
  );
  for (const name of ['j.xml', 'j.json', 'j.html', 'j.ndjson']) expect(written(name)).not.toMatch(/PK7|S7-hidden/);
});

test('a client that stays away fails the run, and the table says what was seen', async () => {
  await using folder = await folderOf(files);
  const { code, out } = await papertape(['run', 'storm.yaml', '--prefix', ...client], { folder: folder.path });
  expect(code).toBe(1);
  expect(out).toContain('client | closed 1006\n');
  expect(out).toMatch(
    /UNMET {4}back {2}error .+\n {9}expected: logged in again within .+\n {9}seen: key-\w+ on alpaca\/v2\/iex .+\n0 of 1 met\n/,
  );
});

test('what is only a warning fails nothing; a client that itself ends badly does', async () => {
  await using folder = await folderOf(files);
  const fine = await papertape(['run', 'warned.yaml', ...client], { folder: folder.path });
  expect([fine.code, fine.out]).toEqual([0, expect.stringContaining('0 of 1 met, 1 warning\n')]);
  const bad = await papertape(['run', 'plain.yaml', ...client, 'fails'], { folder: folder.path });
  expect(bad.code).toBe(1);
  expect(bad.out).toContain('The scenario expects nothing of its clients.\nthe client ended with 3\n');
});

test('with --for a client that never ends is ended as soon as everything is decided, and --repeat counts the runs that passed', async () => {
  await using folder = await folderOf(files);
  const words = ['run', 'storm.yaml', '--for', '60s', '--repeat', '2', '--seed', '9', '--json', 'j.json'];
  const { code, out } = await papertape([...words, ...client, 'returns', 'stays'], { folder: folder.path });
  expect(code).toBe(0);
  expect(out).toContain('Run 2 of 2\n');
  expect(out).toContain('2 of 2 runs passed\nseed 9; re-run: papertape run storm.yaml --for 60s --seed 9 -- ');
  for (const name of ['j.json', 'j.2.json']) {
    expect(JSON.parse(readFileSync(folder.at(name), 'utf8'))).toMatchObject({ passed: true, run: { seed: 9 } });
  }
}, 40_000);

test('a client finds the exchange by our variables and by those that the SDKs read, of the exchanges that answer', async () => {
  await using folder = await folderOf({ 's.yaml': `${scenario}endpoints: { alpaca: {}, twelvedata: {} }\n` });
  const { out } = await papertape(['run', 's.yaml', ...client, 'tells'], {
    folder: folder.path,
    environment: { APCA_API_KEY_ID: 'a real one' },
  });
  const told = JSON.parse(out.split('\n')[0] ?? '');
  const url = String(told.PAPERTAPE_URL);
  expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
  const http = url.replace('ws', 'http');
  expect(told).toEqual({
    PAPERTAPE_URL: url,
    PAPERTAPE_HTTP_URL: http,
    PAPERTAPE_KEY: 'PK7',
    PAPERTAPE_SECRET: 'S7-hidden',
    APCA_API_KEY_ID: 'PK7',
    APCA_API_SECRET_KEY: 'S7-hidden',
    APCA_API_BASE_URL: http,
    APCA_API_DATA_URL: http,
    APCA_API_STREAM_URL: url,
    APCA_DATA_BASE_URL: http,
    DATA_PROXY_WS: `${url}/v2`,
    DATA_CRYPTO_PROXY_WS: `${url}/v1beta3/crypto`,
    TWELVEDATA_API_KEY: 'PK7',
    TWELVEDATA_API_BASE_URL: http,
  });
});

test('docs/run.md names every variable that a client is given', () => {
  const exchanges = ['alpaca', 'polygon', 'twelvedata'];
  const named = readFileSync('docs/run.md', 'utf8');
  const given = Object.keys(clientVariables({ url: 'ws://a', httpUrl: 'http://a', key: 'k', secret: 's' }, exchanges));
  expect(given).toContain('MASSIVE_API_KEY');
  expect(given.filter((name) => !named.includes(`\`${name}\``))).toEqual([]);
});

test('of runs that fail each is told, the count too, and it ends with 1', async () => {
  await using folder = await folderOf(files);
  const { code, out } = await papertape(['run', 'storm.yaml', '--repeat', '2', ...client], { folder: folder.path });
  expect(code).toBe(1);
  expect(out.match(/0 of 1 met/g)).toHaveLength(2);
  expect(out).toContain('0 of 2 runs passed\n');
});

test('a scenario comes from the standard input, too', async () => {
  const { code, out } = await papertape(['run', '-', ...client, 'returns'], { input: scenario + back });
  expect([code, out]).toEqual([0, expect.stringContaining('1 of 1 met\n')]);
});

test('SIGINT ends a run and its client, with the reports written', async () => {
  await using folder = await folderOf(files);
  await using running = start(['run', 'storm.yaml', '--junit', 'j.xml', ...client, 'stays'], { folder: folder.path });
  await running.heard(/closed 1006/);
  running.signal('SIGINT');
  const { code, out } = await running.ending;
  expect(code).toBe(1);
  expect(out).toContain('0 of 1 met\n');
  expect(readFileSync(folder.at('j.xml'), 'utf8')).toContain('failures="1"');
});

test('runs that SIGINT keeps from being played are no pass, and are counted', async () => {
  await using folder = await folderOf(files);
  const words = ['run', 'warned.yaml', '--repeat', '3', ...client, 'stays'];
  await using running = start(words, { folder: folder.path });
  await running.heard(/closed 1006/);
  running.signal('SIGINT');
  const { code, out } = await running.ending;
  expect([code, out]).toEqual([1, expect.stringContaining('1 of 1 runs passed, 2 not played\n')]);
});

test('a run that SIGINT stops before its tape begins is no pass, whatever the scenario expects', async () => {
  await using folder = await folderOf(files);
  const words = ['run', 'plain.yaml', '--for', '60s', '--json', 'j.json'];
  await using running = start(words, { folder: folder.path });
  await running.heard(/and waits for clients/);
  running.signal('SIGINT');
  const { code, out } = await running.ending;
  expect([code, out]).toEqual([1, expect.stringContaining('stopped before the tape began to play: no report')]);
  expect(existsSync(folder.at('j.json'))).toBe(false);
});

test.each(['--junit', '--json', '--html', '--journal'])(
  '%s of a file that cannot be written ends it with 2 before anything is played',
  async (option) => {
    await using folder = await folderOf({ ...files, 'folder/x.txt': '' });
    for (const [place, why] of [
      ['plain.yaml/report', 'plain.yaml is not a folder'],
      ['folder', 'a folder'],
    ] as const) {
      const { code, out, err } = await papertape(['run', 'plain.yaml', option, place, ...client], {
        folder: folder.path,
      });
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(
        new RegExp(`^${option}: .*${place}: cannot be written \\(.*${why}.*\\); choose another place\n$`),
      );
    }
  },
);

test('a report whose place is gone when it is written does not cost the verdict', async () => {
  await using folder = await folderOf(files);
  const words = ['run', 'plain.yaml', '--junit', 'j.xml', '--', 'mkdir', 'j.xml'];
  const late = await papertape(words, { folder: folder.path });
  expect([late.code, late.err]).toEqual([2, expect.stringContaining('j.xml: cannot be written')]);
  expect(late.out).toContain('The scenario expects nothing of its clients.\n');
});

test('the line that runs it again holds whatever made it what it was, and no report', async () => {
  await using folder = await folderOf({ ...files, 'b o t.mjs': '' });
  execFileSync(process.execPath, [await testProgram(), 'cert', '--dir', folder.at('tls')]);
  const tls = ['--tls', '--tls-cert', 'tls/cert.pem', '--tls-key', 'tls/key.pem'];
  const words = ['run', 'plain.yaml', '--host', '127.0.0.2', '--port', '0', '--prefix', ...tls, '--json', 'j.json'];
  const { code, out, err } = await papertape([...words, '--', 'node', 'b o t.mjs'], {
    folder: folder.path,
    environment: { PAPERTAPE_SPEED: '20', PAPERTAPE_SYMBOLS: 'AAPL, ', PAPERTAPE_SEED: '3', PAPERTAPE_HOST: '::1' },
  });
  expect([code, err]).toEqual([0, expect.stringContaining('wss://127.0.0.2:')]);
  const again = `PAPERTAPE_HOST=::1 PAPERTAPE_SYMBOLS='AAPL, ' PAPERTAPE_SPEED=20 papertape run plain.yaml --seed 3 --port 0 --host 127.0.0.2 --tls-cert tls/cert.pem --tls-key tls/key.pem --tls --prefix -- node 'b o t.mjs'`;
  expect(out).toContain(`seed 3; re-run: ${again}\n`);
  expect(JSON.parse(readFileSync(folder.at('j.json'), 'utf8'))).toMatchObject({ run: { again } });
});

test('without a command it waits for clients, at most so long', async () => {
  await using folder = await folderOf(files);
  const { code, out, err } = await papertape(['run', 'storm.yaml', '--for', '300ms'], { folder: folder.path });
  expect(code).toBe(1);
  expect(err).toContain(', and waits for clients\n');
  expect(out).toContain('seen: the step reset never began\n');
});

test.each([
  [['missing.yaml'], 'missing.yaml:1:1 no such file'],
  [['storm.yaml', '--for', '5'], '--for: 5 – expected a duration with its unit, such as 90s or 2m'],
  [['storm.yaml', '--repeat', '0'], '--repeat: 0 – expected a whole number from 1'],
  [['storm.yaml', '--repeat', '0x3'], '--repeat: 0x3 – expected a whole number from 1'],
  [['storm.yaml', '--seed', 'x'], '--seed: x – expected a whole number'],
  [['storm.yaml', '--seed', '1e2'], '--seed: 1e2 – expected a whole number'],
  [['storm.yaml', '--port', '0x50'], '--port: 0x50 – expected a port from 0 to 65535'],
  [['storm.yaml', '--', 'no-such-command-here'], 'no-such-command-here: no such command; correct the command after --'],
])('run %j ends with 2 and says what to change: %j', async (words, message) => {
  await using folder = await folderOf(files);
  const { code, err } = await papertape(['run', ...words], { folder: folder.path });
  expect([code, err]).toEqual([2, expect.stringContaining(message)]);
});

test('a port in use ends it with 3', async () => {
  await using folder = await folderOf(files);
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const taken = typeof address === 'object' && address !== null ? address.port : 0;
  const { code, err } = await papertape(['run', 'storm.yaml', '--port', `${taken}`], { folder: folder.path });
  other.close();
  expect([code, err]).toEqual([3, expect.stringContaining(`port ${taken} on 127.0.0.1 is in use`)]);
});
