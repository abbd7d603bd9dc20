import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { opening, symbols, tradesOf, wireTrade } from './tape.ts';

/** Writes WebSocket frames that are ready in memory, as fast as the client takes them: the client is what is measured. */

/** What the server is to hold: trades of the bench's tape, so many of them in a frame. */
export interface HearingOrder {
  readonly trades: number;
  readonly perFrame: number;
  /** With it, trades are so far apart, and are sent to who logs in and subscribes, as Alpaca has it (sheet §4); without, to whoever connects. */
  readonly millisApart?: number;
}

/** Bytes written at a time. */
const perWrite = 1 << 18;
let chunks: readonly Buffer[] = [];
let talks = false;

function chunksOf({ trades, perFrame, millisApart }: HearingOrder): readonly Buffer[] {
  const words = tradesOf(trades).map((trade, index) => {
    const at = millisApart === undefined ? trade.at : opening + BigInt(index * millisApart) * 1_000_000n;
    return JSON.stringify(wireTrade({ ...trade, at }));
  });
  const ready: Buffer[] = [];
  let waiting: Buffer[] = [];
  let bytes = 0;
  for (let at = 0; at < words.length; at += perFrame) {
    const frame = textFrame(`[${words.slice(at, at + perFrame).join(',')}]`);
    waiting.push(frame);
    bytes += frame.length;
    if (bytes < perWrite && at + perFrame < words.length) continue;
    ready.push(Buffer.concat(waiting));
    [waiting, bytes] = [[], 0];
  }
  return ready;
}

/** A whole text frame as a server sends it (RFC 6455 §5.2). */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = payload.length < 126 ? Buffer.from([0x81, payload.length]) : Buffer.from([0x81, 126, 0, 0]);
  if (head.length === 4) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

/** Says what Alpaca says to a client that logs in and subscribes; each of its messages is taken for the next step. */
async function talk(socket: Socket): Promise<void> {
  const say = (message: object): boolean => socket.write(textFrame(JSON.stringify([message])));
  say({ T: 'success', msg: 'connected' });
  await once(socket, 'data');
  say({ T: 'success', msg: 'authenticated' });
  await once(socket, 'data');
  say({ T: 'subscription', trades: symbols });
  socket.resume();
}

async function blast(socket: Socket): Promise<void> {
  if (talks) await talk(socket);
  for (const chunk of chunks) if (!socket.write(chunk)) await once(socket, 'drain');
}

const server = createServer();
server.on('upgrade', (request, socket: Socket) => {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.on('error', () => socket.destroy());
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  void blast(socket);
});

process.on('message', (order: HearingOrder) => {
  chunks = chunksOf(order);
  talks = order.millisApart !== undefined;
  if (server.listening) process.send?.(server.address());
  else server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
});
process.on('disconnect', () => process.exit());
