import { request } from 'node:http';
import { connect } from 'node:net';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { PapertapeAdmin } from '../../admin-api/sdk/index.ts';
import { steered } from '../helpers/admin.ts';
import { RawClient } from '../helpers/raw-client.ts';

const token = 'correct-horse-battery-staple';

interface Operation {
  readonly method: string;
  readonly path: string;
}
/** Every operation of the API, as its own document lists them. */
async function operationsOf(url: string): Promise<Operation[]> {
  const document: { paths: Record<string, Record<string, unknown>> } = JSON.parse(
    await (await fetch(`${url}/openapi.json`)).text(),
  );
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => ({ method: method.toUpperCase(), path })),
  );
}

/** A request that fetch would not send. */
async function ask(
  url: string,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  const { hostname, port } = new URL(url);
  return await new Promise((answered, failed) => {
    const asked = request({ hostname, port, path, method, headers }, (answer) => {
      textOf(answer).then(
        (text) => answered({ status: answer.statusCode ?? 0, headers: answer.headers, text }),
        failed,
      );
    });
    asked.on('error', failed);
    asked.end();
  });
}

test('with a token no operation but the probes answers without it, or with another', async () => {
  await using desk = await steered({}, { token });
  const { url } = desk.admin;
  const open = ['/health', '/ready', '/'];
  for (const { method, path } of await operationsOf(url)) {
    const at = path.replaceAll(/\{\w+\}/g, 'x');
    for (const authorization of [undefined, 'Bearer wrong', `Bearer ${token}x`, `Basic ${token}x`, 'Bearer ']) {
      const { status } = await ask(url, at, authorization === undefined ? {} : { authorization }, method);
      if (open.includes(path)) expect(status, `${method} ${path}`).not.toBe(401);
      else expect(status, `${method} ${path} with ${authorization}`).toBe(401);
    }
  }
  expect(await new PapertapeAdmin({ url, token }).listRuns()).toHaveLength(1);
});

test('where others than this machine can ask, a token is needed and requests are counted', async () => {
  await expect(steered({}, { host: '0.0.0.0' })).rejects.toThrow(/needs a token/);
  await using desk = await steered({}, { host: '0.0.0.0', token });
  const answer = await ask(desk.admin.url, '/health');
  expect(answer.headers['x-ratelimit-limit']).toBeDefined();
});

test('pages of other origins are refused, on every method and as WebSockets, and so are foreign names of this machine', async () => {
  await using desk = await steered();
  const { url } = desk.admin;
  for (const { method, path } of await operationsOf(url)) {
    const at = path.replaceAll(/\{\w+\}/g, 'default');
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { host: 'evil.example' }]) {
      const { status, headers: told } = await ask(url, at, headers, method);
      expect(status, `${method} ${path} ${JSON.stringify(headers)}`).toBe(403);
      expect(told['access-control-allow-origin']).toBeUndefined();
    }
  }
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, { origin: 'https://evil.example' });
  const status = await new Promise((told) => {
    socket.on('unexpected-response', (_, answer) => told(answer.statusCode));
    socket.on('open', () => told('open'));
    socket.on('error', () => told('refused'));
  });
  socket.terminate();
  expect(status).not.toBe('open');
  expect((await desk.api.getRun('default')).phase).toBe('waiting');
});

const traversals = [
  '../secret',
  '..%2fsecret',
  '..%252fsecret',
  '%2e%2e%2fsecret',
  '..%5csecret',
  '..%c0%afsecret',
  '%2fetc%2fpasswd',
  'secret%00',
  'secret%00.ndjson',
  '..%ef%bc%8fsecret',
  '%e2%80%ae',
  '.',
  '..',
  '__proto__',
  'constructor',
];

test.each(traversals)('the name %s leads nowhere, in any path', async (name) => {
  await using desk = await steered();
  const { admin, folder } = desk;
  await writeFile(join(folder, 'secret'), 'top secret');
  await writeFile(join(folder, 'secret.scenario.yaml'), 'name: top-secret\n');
  await writeFile(join(folder, 'secret.ndjson'), 'top secret');
  for (const { method, path } of await operationsOf(admin.url)) {
    if (!path.includes('{')) continue;
    for (const ending of ['', '.ndjson', '.scenario.yaml']) {
      const answer = await ask(admin.url, path.replaceAll(/\{\w+\}/g, name + ending), {}, method);
      expect(answer.status, `${method} ${path} ${name}${ending}`).toBeGreaterThanOrEqual(400);
      expect(answer.status, `${method} ${path} ${name}${ending}`).toBeLessThan(500);
      expect(answer.text).not.toMatch(/top.secret|root:/);
      expect(answer.text).not.toContain(folder);
    }
  }
  expect((await readdir(folder)).toSorted()).toEqual(
    ['scenarios', 'secret', 'secret.ndjson', 'secret.scenario.yaml', 'tapes'].toSorted(),
  );
  expect(await readFile(join(folder, 'secret'), 'utf8')).toBe('top secret');
});

const nine = (name: string): string => `[${Array.from({ length: 9 }, () => name).join(', ')}]`;
const bombs: readonly (readonly [what: string, text: string])[] = [
  [
    'aliases',
    ['a: &a [x]', ...'bcdefghij'.split('').map((to, at) => `${to}: &${to} ${nine(`*${'abcdefghij'[at]}`)}`)].join('\n'),
  ],
  [
    'merges',
    `a: &a { x: 1 }\n${'bcdefghij'
      .split('')
      .map((to) => `${to}: &${to} { <<: ${nine('*a')} }`)
      .join('\n')}`,
  ],
  ['brackets', `a: ${'['.repeat(100_000)}`],
  ['dashes', `${'- '.repeat(100_000)}x`],
  ['braces', '{a: '.repeat(50_000)],
  ['keys', Array.from({ length: 30_000 }, (_, at) => `k${at}: 1`).join('\n')],
  ['a long key', `${'k'.repeat(900_000)}: 1`],
  ['numbers', 'name: x\nseed: 1e999\ntapes: [{ synthetic: { symbols: [A], rate: 1e308, day: 9999-99-99 } }]'],
  ['spans', `name: x\ntapes: [{ synthetic: { symbols: [A] } }]\nreplay: { maxIdle: ${'9'.repeat(5000)}h }`],
  ['a tag', 'name: !!js/function "function () { process.exit() }"\ntapes: []'],
];

test.each(bombs)('a bomb of %s is refused fast, as a scenario and as a run', async (_, text) => {
  await using desk = await steered();
  const began = performance.now();
  expect(await desk.api.validateScenario(text)).toMatchObject({ isValid: false });
  await expect(desk.api.putScenario('bomb', text)).rejects.toMatchObject({ problem: { status: 422 } });
  await expect(desk.api.createRun({ scenario: text })).rejects.toMatchObject({ problem: { status: 422 } });
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(await desk.api.listRuns()).toHaveLength(1);
});

test('bodies that are too large, too deep or not what they say are refused, not crashed on', async () => {
  await using desk = await steered();
  const { url } = desk.admin;
  const post = async (
    path: string,
    type: string,
    body: string | Uint8Array<ArrayBuffer>,
    method = 'POST',
  ): Promise<number> => (await fetch(url + path, { method, headers: { 'content-type': type }, body })).status;
  expect(await post('/scenarios/validate', 'text/yaml', 'x'.repeat(4 * 2 ** 20))).toBe(413);
  expect(await post('/runs', 'application/json', `{"id":"${'x'.repeat(2 ** 20)}"}`)).toBe(413);
  expect(
    await post('/runs', 'application/json', `{"scenario":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`),
  ).toBe(422);
  expect(await post('/runs', 'application/json', '{"scenario":')).toBe(400);
  expect(await post('/runs', 'application/json', '{"__proto__":{"play":true}}')).toBe(400);
  expect(await post('/runs', 'text/html', '<p>')).toBe(415);
  expect(await post('/scenarios/x', 'text/yaml', new Uint8Array([0xff, 0xfe, 0x41]), 'PUT')).toBe(400);
  expect(await post('/tapes/x.ndjson', 'text/html', '<p>', 'PUT')).toBe(415);
});

test('nothing that is asked for can write a header of its own', async () => {
  await using desk = await steered();
  const { url, port } = { ...desk.admin, port: desk.admin.port };
  for (const path of [
    '/runs/a%0d%0aset-cookie:%20x=1',
    '/scenarios/a%0d%0aset-cookie:%20x=1',
    '/tapes/a%0d%0aset-cookie:x.ndjson',
  ]) {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect((await ask(url, path, {}, method)).headers['set-cookie']).toBeUndefined();
    }
  }
  const refused = desk.api.createRun({ id: 'a\r\nset-cookie: x=1' });
  await expect(refused).rejects.toMatchObject({ problem: { status: 400 } });
  // Two requests in one, as a smuggler would send them.
  const socket = connect(port, '127.0.0.1');
  socket.write(
    'GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  );
  expect(await textOf(socket)).toMatch(/^HTTP\/1\.1 400/);
});

test('no answer and no log shows what a client has shown as a key or secret', async () => {
  const lines: string[] = [];
  const tell = (...said: unknown[]): void => void lines.push(JSON.stringify(said));
  const log = {
    trace: tell,
    debug: tell,
    info: tell,
    warn: tell,
    error: tell,
    isLevelEnabled: () => true,
    child: () => log,
  };
  await using desk = await steered({ log }, { log });
  const { admin, papertape } = desk;
  await using client = await RawClient.trades(`${papertape.url}/v2/iex`, 'PK-never-tell');
  await fetch(`${papertape.httpUrl}/v2/stocks/AAPL/trades/latest`, {
    headers: { 'apca-api-key-id': 'PK-never-tell', 'apca-api-secret-key': 'SK-never-tell' },
  });
  await fetch(`${papertape.httpUrl}/v3/reference/tickers?apiKey=PK-never-tell`);
  for (const { method, path } of await operationsOf(admin.url)) {
    if (method !== 'GET' || path === '/live' || path.includes('stream')) continue;
    const answer = await fetch(admin.url + path.replaceAll(/\{\w+\}/g, 'default'), {
      signal: AbortSignal.timeout(5000),
    }).catch(() => undefined);
    const said = answer?.headers.get('content-type')?.includes('event-stream') === true ? '' : await answer?.text();
    expect(said ?? '', path).not.toMatch(/never-tell/);
  }
  expect(lines.join('\n')).not.toMatch(/never-tell/);
  expect(client).toBeDefined();
});

test('what is uploaded is never run: it lies there as it was sent, and a tape of code is no tape', async () => {
  await using desk = await steered();
  const { api, folder } = desk;
  const script = `#!/bin/sh\ntouch ${join(folder, 'ran')}\n`;
  await expect(api.putTape('x.ndjson', { body: script, type: 'application/x-ndjson' })).rejects.toMatchObject({
    problem: { status: 422 },
  });
  await expect(api.putScenario('x', script)).rejects.toMatchObject({ problem: { status: 422 } });
  expect((await readdir(folder)).toSorted()).toEqual(['scenarios', 'tapes']);
  expect(await readdir(join(folder, 'tapes'))).toEqual([]);
});
