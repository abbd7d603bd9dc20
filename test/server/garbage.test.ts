import { randomFillSync } from 'node:crypto';
import { connect } from 'node:net';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { SystemClock } from '../../market/clock.ts';
import { millis } from '../../market/nanos.ts';
import type { Papertape } from '../../server/index.ts';
import { opening, trade } from '../helpers/events.ts';
import { Listener } from '../helpers/listener.ts';
import { serve } from '../helpers/serve.ts';
import { maskedFrame } from '../helpers/raw-frames.ts';
import { Wiretap } from '../helpers/wiretap.ts';

/** A trade every millisecond for a minute, numbered, over and over. */
const count = 60_000;
const events = Array.from({ length: count }, (_, index) => trade(opening + millis(index), { id: String(index + 1) }));
let papertape: Papertape;
let witness: Listener;

beforeAll(async () => {
  papertape = await serve(events, { mode: 'loop', startOn: 'subscribed' }, {}, new SystemClock());
  witness = await Listener.subscribed(`${papertape.url}/v2/iex`, { trades: ['AAPL'] });
});

/** Whatever the others did, one well-behaved client heard every trade once, in order, all the time. */
afterAll(async () => {
  const before = witness.events.length;
  await witness.heard(before + 200);
  const ids = witness.events.map(({ i }) => Number(i));
  expect(ids.length).toBeGreaterThan(1000);
  expect(ids).toEqual(ids.map((_, index) => (index % count) + 1));
  await witness[Symbol.asyncDispose]();
  await papertape[Symbol.asyncDispose]();
});

async function stillPlays(): Promise<void> {
  await witness.heard(witness.events.length + 3);
  expect(witness.closeCode).toBeUndefined();
}

const anyMessage = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
  fc
    .record(
      {
        action: fc.constantFrom('auth', 'subscribe', 'unsubscribe', 'listen', '', 7, null),
        key: fc.anything(),
        secret: fc.string(),
        trades: fc.oneof(fc.array(fc.string()), fc.anything()),
        quotes: fc.constantFrom('*', ['*'], [null], { length: 3 }, ['AAPL', 'AAPL']),
        __proto__: fc.anything(),
      },
      { requiredKeys: [] },
    )
    .map((message) =>
      Buffer.from(JSON.stringify(message, (_, value: unknown) => (typeof value === 'bigint' ? null : value))),
    ),
);

test('random bytes and random JSON, before and after login, disturb nobody else', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('/v2/iex', '/v2/test', '/v2/delayed_sip'),
      fc.boolean(),
      fc.boolean(),
      fc.array(fc.tuple(anyMessage, fc.boolean()), { maxLength: 20 }),
      async (path, msgpack, login, messages) => {
        await using client = await Listener.connect(papertape.url + path, { msgpack });
        if (login) await client.ask({ action: 'auth', key: 'garbage', secret: 's' }, 2);
        for (const [message, binary] of messages) client.socket.send(message, { binary });
        const answered = new Promise((resolve) => client.socket.once('pong', resolve));
        client.socket.ping();
        await Promise.race([answered, client.ended()]);
      },
    ),
    { numRuns: 60 },
  );
  await stillPlays();
});

test('random bytes instead of frames, before and after the upgrade, disturb nobody else', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.uint8Array({ minLength: 1, maxLength: 2000 }),
      fc.boolean(),
      async (upgraded, bytes, reset) => {
        const { port } = papertape;
        if (upgraded) {
          await using tap = await Wiretap.open(`${papertape.url}/v2/iex`);
          tap.socket.write(bytes);
          if (reset) tap.socket.resetAndDestroy();
          else tap.socket.end();
          await tap.end();
          return;
        }
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => undefined);
        socket.resume();
        socket.write(bytes);
        if (reset) socket.resetAndDestroy();
        else socket.end();
        await new Promise((resolve) => socket.once('close', resolve));
      },
    ),
    { numRuns: 120 },
  );
  await stillPlays();
});

const breaches: readonly (readonly [name: string, frames: Buffer])[] = [
  ['an unmasked frame', Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
  ['a length of 2^63', Buffer.concat([Buffer.from([0x81, 0xff]), Buffer.alloc(8, 0xff), Buffer.alloc(4)])],
  ['a length of 1 GiB', Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3])],
  ['a reserved opcode', maskedFrame(0x83, Buffer.from('{}'))],
  ['reserved bits', maskedFrame(0xf1, Buffer.from('{}'))],
  ['a continuation of nothing', maskedFrame(0x80, Buffer.from('{}'))],
  [
    'a second message inside a fragmented one',
    Buffer.concat([maskedFrame(0x01, Buffer.from('{')), maskedFrame(0x81, Buffer.from('{}'))]),
  ],
  ['a fragmented ping', maskedFrame(0x09, Buffer.from('x'))],
  ['a ping of 200 bytes', maskedFrame(0x89, Buffer.alloc(200))],
  ['a Close frame of one byte', maskedFrame(0x88, Buffer.from([3]))],
  ['a Close frame with code 1', maskedFrame(0x88, Buffer.from([0, 1]))],
  ['text that is no UTF-8', maskedFrame(0x81, Buffer.from([0xc3, 0x28]))],
];

test.each(breaches)('%s ends that connection and no other', async (_, frames) => {
  await using tap = await Wiretap.open(`${papertape.url}/v2/iex`);
  tap.socket.write(frames);
  await tap.end();
  await stillPlays();
});

test('a message larger than allowed is answered with 1009 and disturbs nobody else', async () => {
  await using client = await Listener.connect(`${papertape.url}/v2/iex`);
  client.socket.send(Buffer.alloc((1 << 20) + 1, 0x20));
  await client.ended();
  expect(client.closeCode).toBe(1009);
  await stillPlays();
});

test.each([
  ['JSON', Buffer.from(`{"action":${'['.repeat(1_000_000)}`)],
  ['closed JSON', Buffer.from(`{"action":${'['.repeat(400_000)}${']'.repeat(400_000)}}`)],
  ['MessagePack', Buffer.concat([Buffer.from([0x81, 0xa1, 0x61]), Buffer.alloc(900_000, 0x91)])],
  ['MessagePack maps as keys', Buffer.alloc(900_000, 0x81)],
])('a message nested as deep as its size allows (%s) is invalid syntax, no more', async (_, message) => {
  await using client = await Listener.connect(`${papertape.url}/v2/iex`);
  client.socket.send(message);
  await client.until(() => client.elements.length === 2);
  expect(client.elements[1]).toEqual({ T: 'error', code: 400, msg: 'invalid syntax' });
  await stillPlays();
});

test('a frame that arrives byte by byte, fragment by fragment, is understood', async () => {
  await using tap = await Wiretap.open(`${papertape.url}/v2/iex`);
  const text = Buffer.from('{"action":"auth","key":"slow","secret":"s"}');
  const frames = [...text].map((byte, index) =>
    maskedFrame((index === text.length - 1 ? 0x80 : 0) | (index === 0 ? 1 : 0), Buffer.from([byte])),
  );
  tap.socket.setNoDelay(true);
  for (const byte of Buffer.concat(frames)) tap.socket.write(Buffer.from([byte]));
  await tap.heard(2);
  expect(tap.frames[1]?.toString()).toContain('authenticated');
});

test('a crowd that vanishes in the middle of everything leaves nobody behind', async () => {
  const crowd = await Promise.all(
    Array.from({ length: 40 }, async () => Listener.subscribed(`${papertape.url}/v2/iex`, { trades: ['*'] })),
  );
  expect(papertape.run.status.sessions).toBeGreaterThanOrEqual(41);
  const noise = Buffer.alloc(500);
  for (const [index, { socket }] of crowd.entries()) {
    if (index % 2 === 0) socket.send(randomFillSync(noise));
    socket.terminate();
  }
  await Promise.all(crowd.map(async (client) => client.ended()));
  await expect.poll(() => papertape.run.status.sessions).toBe(1);
  await stillPlays();
});

test('an upgrade full of nonsense is refused or served, and disturbs nobody else', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string().map((text) => `/${encodeURIComponent(text)}`),
      fc.dictionary(
        fc.constantFrom(
          'Authorization',
          'APCA-API-KEY-ID',
          'Sec-WebSocket-Extensions',
          'Sec-WebSocket-Protocol',
          'Content-Type',
        ),
        fc.string({ unit: 'grapheme-ascii' }),
      ),
      fc.boolean(),
      async (path, headers, known) => {
        const socket = new WebSocket(`${papertape.url}${known ? '/v2/iex' : path}`, {
          headers,
          perMessageDeflate: false,
        });
        await new Promise((resolve) => {
          for (const outcome of ['open', 'error', 'unexpected-response']) socket.once(outcome, resolve);
        });
        socket.on('error', () => undefined);
        socket.terminate();
      },
    ),
    { numRuns: 60 },
  );
  await stillPlays();
});
