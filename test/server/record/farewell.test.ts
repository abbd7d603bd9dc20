import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { ManualClock, SystemClock } from '../../../market/clock.ts';
import { seconds } from '../../../market/nanos.ts';
import { frame } from '../../../server/wire/frame.ts';
import { anyVendor } from '../../helpers/any-vendor.ts';
import { opening, trade } from '../../helpers/events.ts';
import { endOfHead } from '../../helpers/raw-frames.ts';
import { eventsOn, folder, Hearer, linesOf, record } from '../../helpers/recorded.ts';
import { serve } from '../../helpers/serve.ts';

const trades = Array.from({ length: 5000 }, (_, index) =>
  trade(opening + BigInt(index) * seconds(1), { id: String(index + 1) }),
);

/** A vendor that is nothing but a TCP server: it lets everybody in (RFC 6455 §1.3) and then says and hears bytes. */
async function bareVendor(): Promise<AsyncDisposable & { readonly url: string; readonly first: Promise<Socket> }> {
  const sockets = new Set<Socket>();
  let found: (socket: Socket) => void;
  const first = new Promise<Socket>((resolve) => (found = resolve));
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (request) => {
      const key = /sec-websocket-key: (\S+)/i.exec(request.toString())?.[1];
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      const head = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}`;
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${head}${endOfHead}`);
      found(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    first,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A Close frame with 1001 as a client sends it, masked with zeros. */
const goodbye = Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe9]);

test('a recorder that stops in mid-stream says goodbye with 1001, and all its client heard is on the tape and compared', async () => {
  await using place = await folder();
  const [tape, frames] = [place.at('day.ndjson'), place.at('frames.ndjson')];
  await using vendor = await serve(trades, { speed: 100 }, {}, new SystemClock());
  const recorder = await record(vendor.url, { tape, frames });
  using client = new Hearer(`${recorder.url}/v2/sip`);
  await client.subscribe(['trades'], ['AAPL']);
  vendor.run.play();
  await client.until(() => client.told.length > 5);
  await recorder[Symbol.asyncDispose]();
  expect(await client.closed).toEqual({ code: 1001, reason: '' });
  const ids = (await eventsOn(tape)).map((event) => 'id' in event && event.id);
  expect(ids.length).toBeGreaterThanOrEqual(client.told.length);
  expect(ids).toEqual(trades.slice(0, ids.length).map(({ id }) => id));
  expect(ids.length).toBeLessThan(trades.length);
  expect(recorder.drift.types).toMatchObject([{ type: 't', messages: ids.length }]);
  const told = (await linesOf(frames)).map((line): unknown => JSON.parse(line));
  expect(told).toContainEqual(expect.objectContaining({ connection: 1, from: 'recorder', kind: 'close', code: 1001 }));
  expect(told.at(-1)).toMatchObject({ connection: 1, kind: 'end' });
  expect(JSON.parse(await readFile(`${tape}.meta.json`, 'utf8'))).toMatchObject({ events: ids.length });
});

test('the vendor hears 1001 as well, from every client there is', async () => {
  const codes: number[] = [];
  await using vendor = await anyVendor((socket) => socket.on('close', (code) => codes.push(code)));
  const recorder = await record(vendor.url);
  using one = new Hearer(`${recorder.url}/any`);
  using other = new Hearer(`${recorder.url}/other`);
  await Promise.all([once(one.socket, 'open'), once(other.socket, 'open')]);
  await recorder[Symbol.asyncDispose]();
  expect(await Promise.all([one.closed, other.closed])).toMatchObject([{ code: 1001 }, { code: 1001 }]);
  await expect.poll(() => codes).toEqual([1001, 1001]);
});

test('a frame that is on its way is passed on whole before the goodbye, and nothing after it', async () => {
  await using vendor = await bareVendor();
  const recorder = await record(vendor.url);
  using client = new Hearer(`${recorder.url}/any`);
  await once(client.socket, 'open');
  const socket = await vendor.first;
  const [first, second, third] = ['first', 'second', 'third'].map((text) => frame('text', Buffer.from(text)));
  if (first === undefined || second === undefined || third === undefined) throw new Error('three words make frames');
  socket.write(Buffer.concat([first, second.subarray(0, 4)]));
  await client.until(({ length }) => length === 1);
  const ended = recorder[Symbol.asyncDispose]();
  const [heard]: Buffer[] = await once(socket, 'data');
  expect(heard).toEqual(goodbye);
  socket.write(Buffer.concat([second.subarray(4), third]));
  expect(await client.closed).toMatchObject({ code: 1001 });
  expect(client.frames.map(({ data }) => data)).toEqual(['first', 'second']);
  socket.end(frame('close', Buffer.from([0x03, 0xe9])));
  await ended;
});

test('a vendor that never answers holds the recorder up for a second, not longer', async () => {
  const clock = new ManualClock(opening);
  await using vendor = await bareVendor();
  const recorder = await record(vendor.url, { clock });
  using client = new Hearer(`${recorder.url}/any`);
  await once(client.socket, 'open');
  const socket = await vendor.first;
  let isOver = false;
  const ended = recorder[Symbol.asyncDispose]().then(() => (isOver = true));
  await once(socket, 'data');
  expect(await client.closed).toMatchObject({ code: 1001 });
  await clock.advance(seconds(0.999));
  expect(isOver).toBe(false);
  await clock.advance(seconds(0.001));
  await ended;
});

test('who is parting already hears the other, not the recorder', async () => {
  await using vendor = await bareVendor();
  const recorder = await record(vendor.url);
  using client = new Hearer(`${recorder.url}/any`);
  await once(client.socket, 'open');
  const socket = await vendor.first;
  client.socket.close(4001);
  await once(socket, 'data');
  const ended = recorder[Symbol.asyncDispose]();
  socket.end(frame('close', Buffer.from([0x0f, 0xa2])));
  await ended;
  expect(await client.closed).toMatchObject({ code: 4002 });
});

test('a client that still waits for the answer of the vendor is told 503', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const recorder = await record(`ws://127.0.0.1:${port}`);
  const asked = once(server, 'connection');
  using client = new Hearer(`${recorder.url}/v2/sip`);
  const [socket]: Socket[] = await asked;
  const answered = once(client.socket, 'unexpected-response');
  await recorder[Symbol.asyncDispose]();
  const [, response] = await answered;
  expect(response.statusCode).toBe(503);
  socket?.destroy();
  server.close();
});
