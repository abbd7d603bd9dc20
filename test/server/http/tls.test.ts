import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { makeCertificates } from '../../../bin/certificates.ts';
import { millis } from '../../../market/nanos.ts';
import { startPapertape, type Papertape, type Tls } from '../../../server/index.ts';
import { scenarioSchema } from '../../../server/scenario/schema.ts';
import { opening, trade } from '../../helpers/events.ts';
import { memorySource } from '../../helpers/memory-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'papertape-wss-'));
const pem = (name: string): string => readFileSync(join(folder, name), 'utf8');
let tls: Tls;
beforeAll(async () => {
  await makeCertificates(folder, [], Date.now(), false);
  tls = { cert: pem('cert.pem'), key: pem('key.pem') };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const outbox = 256 * 1024;
/** 13 MB on the wire: more than a socket's buffers at both ends. */
const flood = Array.from({ length: 100_000 }, (_, index) => trade(opening + millis(index), { id: String(index + 1) }));

async function serve(backpressure: 'disconnect' | 'pause'): Promise<Papertape> {
  const scenario = scenarioSchema.parse({
    name: 'tls',
    tapes: [{ file: 'given.ndjson' }],
    replay: { mode: 'single_pass', speed: 'max', startOn: 'command', backpressure },
    limits: { outbox },
  });
  return await startPapertape({ scenario, port: 0, tls, tapes: [memorySource(flood)] });
}

/** A client that has subscribed to every trade. */
async function subscribed({ url }: Papertape): Promise<WebSocket> {
  const socket = new WebSocket(`${url}/v2/sip`, { ca: pem('ca.pem') });
  socket.on('error', () => undefined);
  await once(socket, 'message');
  socket.send('{"action":"auth","key":"k","secret":"s"}');
  await once(socket, 'message');
  socket.send('{"action":"subscribe","trades":["*"]}');
  await once(socket, 'message');
  return socket;
}

test('over wss a client hears every trade in order', async () => {
  await using papertape = await serve('pause');
  expect(papertape.url).toMatch(/^wss:/);
  const socket = await subscribed(papertape);
  const heard: number[] = [];
  const all = new Promise<void>((resolve) => {
    socket.on('message', (frame: Buffer) => {
      for (const [, id] of frame.toString().matchAll(/"i":(\d+)/g)) heard.push(Number(id));
      if (heard.length >= flood.length) resolve();
    });
  });
  papertape.run.play();
  await all;
  expect(heard).toEqual(flood.map((_, index) => index + 1));
  socket.terminate();
});

test('over wss a client that stops reading is sent away before more waits for it than its outbox holds', async () => {
  await using papertape = await serve('disconnect');
  const socket = await subscribed(papertape);
  const [session] = papertape.run.sessions;
  if (session === undefined) throw new Error('the silent reader has no session');
  socket.pause();
  let most = 0;
  papertape.run.play();
  while (papertape.run.status.sessions > 0) {
    most = Math.max(most, session.line.buffered);
    await nextTurn();
  }
  expect(session.delivered).toBeLessThan(flood.length);
  expect(most).toBeGreaterThan(outbox / 2);
  // One burst may go over the limit before the next one is refused.
  expect(most).toBeLessThan(2 * outbox);
  socket.terminate();
});

test('who connects and says nothing does not keep the server from ending', async () => {
  const papertape = await serve('pause');
  const silent = connect(papertape.port, '127.0.0.1');
  const hungUp = once(silent, 'close');
  await once(silent, 'connect');
  const reader = await subscribed(papertape);
  const ended = Promise.all([papertape[Symbol.asyncDispose](), hungUp, once(reader, 'close')]);
  await expect(ended).resolves.toHaveLength(3);
});

test('over wss a reset and a goodbye end the connection as they do over ws, as far as TLS can', async () => {
  await using papertape = await serve('pause');
  for (const [end, code] of [
    ['reset', 1006],
    ['close', 1012],
  ] as const) {
    const socket = await subscribed(papertape);
    const line = [...papertape.run.sessions].at(-1)?.line;
    if (end === 'reset') line?.reset();
    else line?.close(1012, 'restart');
    const [heard]: unknown[] = await once(socket, 'close');
    expect(heard).toBe(code);
  }
});
