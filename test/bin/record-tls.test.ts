import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventsOn, Hearer, sidecarOf } from '../helpers/recorded.ts';
import { papertape, type Running, start } from './papertape.ts';

const place = mkdtempSync(join(tmpdir(), 'papertape-record-tls-'));
const environment = { XDG_STATE_HOME: place };
const authority = join(place, 'papertape', 'tls', 'ca.pem');
const market = join(place, 'minutes.yaml');
beforeAll(async () => {
  await papertape(['cert'], { environment });
  const tape = 'tapes: [{ synthetic: { symbols: [AAPL], day: 2026-07-01, rate: 20 } }]';
  writeFileSync(market, `name: minutes\nreplay: { speed: 1000, timestamps: original }\n${tape}\n`);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Another Papertape, over TLS, in the place of the vendor. */
async function vendor(): Promise<Running & { readonly url: string }> {
  const running = start(['serve', market, '--tls', '--port', '0'], { environment });
  const port = /"port":(\d+)/.exec(await running.heard(/ready for clients/))?.[1] ?? '';
  return { ...running, url: `wss://127.0.0.1:${port}` };
}

async function portOf(recorder: Running): Promise<string> {
  return /wss:\/\/127\.0\.0\.1:(\d+) +in place of/.exec(await recorder.heard(/in place of/))?.[1] ?? '';
}

test('the JavaScript SDK 3.x, which forces wss, is recorded between TLS and TLS', async () => {
  const tape = join(place, 'day.ndjson.gz');
  await using exchange = await vendor();
  await using recorder = start(
    ['record', '--upstream', exchange.url, '--tape', tape, '--tls', '--port', '0', '--log-level', 'warn'],
    { environment: { ...environment, NODE_EXTRA_CA_CERTS: authority } },
  );
  const address = `https://localhost:${await portOf(recorder)}`;
  const client = spawn(process.execPath, [resolve('test/sdk/stream-with-sdk-3.mjs'), address], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: authority },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const heard = new Set<string>();
  for await (const line of createInterface(client.stdout)) {
    const kind = /^{"kind":"(\w+)"/.exec(line)?.[1];
    if (kind !== undefined) heard.add(kind);
    if (heard.size === 3 || heard.has('error')) break;
  }
  recorder.signal('SIGTERM');
  const { code, err } = await recorder.ending;
  client.kill();
  expect([...heard].sort()).toEqual(['bar', 'quote', 'trade']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const kinds = new Set((await eventsOn(tape)).map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(['bar', 'quote', 'trade']);
  expect((await sidecarOf(tape)).origin).toBe(`recorded from ${exchange.url}`);
});

test('a vendor whose certificate nobody knows is not trusted, and the client and the log are told the way out', async () => {
  await using exchange = await vendor();
  await using recorder = start(
    ['record', '--upstream', exchange.url, '--drift', 'drift.json', '--tls', '--port', '0'],
    {
      environment,
      folder: place,
    },
  );
  const ca = readFileSync(authority);
  using client = new Hearer(`wss://localhost:${await portOf(recorder)}/v2/iex`, { ca });
  const told = recorder.heard(/cannot be reached/);
  const [, response] = await once(client.socket, 'unexpected-response');
  expect(response.statusCode).toBe(502);
  expect(await text(response)).toMatch(/cannot be reached: .*certificate.*NODE_EXTRA_CA_CERTS=/);
  expect(await told).toContain('NODE_EXTRA_CA_CERTS=');
});

test('a certificate that cannot serve is told before anything is recorded', async () => {
  const folder = join(place, 'papertape', 'tls');
  const upstream = ['record', '--upstream', 'wss://127.0.0.1:1', '--tape', join(place, 'none.ndjson'), '--port', '0'];
  const files = ['--tls-cert', join(folder, 'cert.pem'), '--tls-key', join(folder, 'ca-key.pem')];
  const wrong = await papertape([...upstream, ...files], { environment });
  expect([wrong.code, wrong.err]).toEqual([
    2,
    `${join(folder, 'ca-key.pem')}: belongs to another certificate; give the key that was made with this one\n`,
  ]);
  const none = await papertape([...upstream, '--tls'], { environment: { XDG_STATE_HOME: join(place, 'empty') } });
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('make it with `papertape cert`')]);
});
