import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { PapertapeAdmin } from '../../admin-api/sdk/index.ts';
import { makeCertificates } from '../../bin/certificates.ts';
import { papertape, start } from './papertape.ts';

const place = mkdtempSync(join(tmpdir(), 'papertape-tls-'));
const environment = { XDG_STATE_HOME: place };
const folder = join(place, 'papertape', 'tls');
const inFolder = (name: string): string => join(folder, name);
const port = /"port":(\d+)/;
let made = '';
beforeAll(async () => {
  const { code, out, err } = await papertape(['cert', '--host', 'papertape.test'], { environment });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  made = out;
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

test('cert tells for whom and how long the certificate is good and how each client trusts it, and its keys are private', () => {
  expect(made).toMatch(/for +localhost, .*papertape\.test/);
  expect(made).toMatch(/valid until +\w+ +\d+ .* GMT/);
  for (const word of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'keytool'])
    expect(made).toContain(word);
  for (const name of ['ca-key.pem', 'key.pem']) expect(statSync(inFolder(name)).mode & 0o777).toBe(0o600);
});

test('cert keeps what is still good, makes only the certificate for a new host, and with --force both', async () => {
  const files = { dir: join(place, 'again') };
  const cert = async (...words: string[]): Promise<[string, string]> => {
    await papertape(['cert', '--dir', files.dir, ...words]);
    return [readFileSync(join(files.dir, 'ca.pem'), 'utf8'), readFileSync(join(files.dir, 'cert.pem'), 'utf8')];
  };
  const first = await cert();
  expect(await cert()).toEqual(first);
  const second = await cert('--host', 'other.test');
  expect(second[0]).toBe(first[0]);
  expect(second[1]).not.toBe(first[1]);
  const third = await cert('--force');
  expect(third[0]).not.toBe(first[0]);
});

test('with --tls the same port speaks https and wss to who trusts the authority, and the log tells of who comes without', async () => {
  await using running = start(['serve', '--tls', '--port', '0'], { environment });
  const said = await running.heard(/ready for clients/);
  const number = port.exec(said)?.[1] ?? '';
  expect(said).toContain(`  wss://127.0.0.1:${number}/v2/iex\n`);
  const ca = readFileSync(inFolder('ca.pem'));
  const asked = request(`https://localhost:${number}/health`, { ca }).end();
  const [answer] = await once(asked, 'response');
  expect(JSON.parse(await text(answer))).toMatchObject({ status: 'ok' });
  const socket = new WebSocket(`wss://127.0.0.1:${number}/v2/iex`, { ca });
  const [greeting] = await once(socket, 'message');
  expect(String(greeting)).toBe('[{"T":"success","msg":"connected"}]');
  socket.terminate();
  await expect(once(new WebSocket(`wss://127.0.0.1:${number}/v2/iex`), 'open')).rejects.toThrow(/certificate/);
  const plain = running.heard(/came without TLS/);
  await expect(once(new WebSocket(`ws://127.0.0.1:${number}/v2/iex`), 'open')).rejects.toThrow(
    /socket hang up|ECONNRESET/,
  );
  await plain;
});

test('with --tls the admin port speaks it too: the documents, the SDK, and what happens live; without it nobody is answered', async () => {
  await using running = start(['serve', '--tls', '--port', '0'], { environment });
  const said = await running.heard(/ready for clients/);
  const url = `https://127.0.0.1:${/"adminPort":(\d+)/.exec(said)?.[1] ?? ''}`;
  expect(said).toContain(`Steer it at ${url}/ or over the API there (${url}/docs).`);
  const ca = readFileSync(inFolder('ca.pem'));
  class Trusting extends WebSocket {
    constructor(address: string, protocols: string[], options: ClientOptions = {}) {
      super(address, protocols, { ...options, ca });
    }
  }
  const api = new PapertapeAdmin({
    url,
    fetch: async (input, init) => await trustingFetch(ca, input, init),
    WebSocket: Trusting,
  });
  expect(await api.play()).toMatchObject({ id: 'default', phase: 'playing' });
  const [page] = await once(request(`${url}/docs/`, { ca }).end(), 'response');
  expect(page.resume().statusCode).toBe(200);
  const phase = await new Promise((told) => {
    api.live('default', (message) => message.type === 'deck' && told(message.phase));
  });
  expect(phase).toBe('playing');
  await expect(fetch(`${url.replace('https', 'http')}/health`)).rejects.toThrow('fetch failed');
});

/** What `fetch` does, for who trusts one more authority. */
async function trustingFetch(ca: Buffer, input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const asked = request(new Request(input).url, {
    ca,
    method: init.method ?? 'GET',
    headers: Object.fromEntries(new Headers(init.headers)),
  });
  asked.end(init.body);
  const [answer] = await once(asked, 'response');
  return new Response(await text(answer), { status: answer.statusCode });
}

test('the JavaScript SDK 3.x, which forces wss, streams trades, quotes and bars', async () => {
  const bars = join(place, 'minutes.yaml');
  writeFileSync(
    bars,
    'name: minutes\nreplay: { speed: 1000, timestamps: original }\n' +
      'tapes: [{ synthetic: { symbols: [AAPL], day: 2026-07-01, rate: 20 } }]\n',
  );
  await using running = start(['serve', bars, '--tls', '--port', '0'], { environment });
  const number = port.exec(await running.heard(/ready for clients/))?.[1] ?? '';
  const client = spawn(process.execPath, [resolve('test/sdk/stream-with-sdk-3.mjs'), `https://localhost:${number}`], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: inFolder('ca.pem') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const heard = new Map<string, string>();
  for await (const line of createInterface(client.stdout)) {
    const kind = /^{"kind":"(\w+)"/.exec(line)?.[1];
    if (kind !== undefined && !heard.has(kind)) heard.set(kind, line);
    if (heard.size === 3 || heard.has('error')) break;
  }
  client.kill();
  expect([...heard.keys()].sort()).toEqual(['bar', 'quote', 'trade']);
  for (const line of heard.values()) expect(line).toContain('"Symbol":"AAPL"');
});

test('missing, expired and wrong files are named with the way out', async () => {
  const own = async (cert: string, key: string) =>
    await papertape(['serve', '--port', '0', '--tls-cert', cert, '--tls-key', key], { environment });
  const [cert, key] = [inFolder('cert.pem'), inFolder('key.pem')];
  const none = await papertape(['serve', '--tls'], { environment: { XDG_STATE_HOME: join(place, 'empty') } });
  expect(none.err).toContain('cert.pem: no such file; make it with `papertape cert`');
  expect(none.code).toBe(2);
  expect((await own(join(place, 'gone.pem'), key)).err).toBe(
    `${join(place, 'gone.pem')}: no such file; correct the path\n`,
  );
  expect((await own(cert, inFolder('ca-key.pem'))).err).toBe(
    `${inFolder('ca-key.pem')}: belongs to another certificate; give the key that was made with this one\n`,
  );
  expect((await own(key, key)).err).toContain(`${key}: not a PEM certificate; give one that begins with`);
  const past = join(place, 'past');
  await makeCertificates(past, [], Date.UTC(2020, 0, 1), false);
  const expired = await own(join(past, 'cert.pem'), join(past, 'key.pem'));
  expect(expired.err).toMatch(/past\/cert\.pem: expired on .*2021 GMT; renew it/);
  expect(expired.code).toBe(2);
  const half = await papertape(['serve', '--tls-cert', cert]);
  expect(half.err).toContain('go together; give the other with --tls-key or PAPERTAPE_TLS_KEY');
});
