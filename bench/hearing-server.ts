import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { wireTrade, tradesOf } from './tape.ts';

/** Writes WebSocket frames that are ready in memory, as fast as the client takes them: the client is what is measured. */

/** What the server is to hold: trades of the bench's tape, so many of them in a frame. */
export interface HearingOrder {
  readonly trades: number;
  readonly perFrame: number;
}

/** Bytes written at a time. */
const perWrite = 1 << 18;
let chunks: readonly Buffer[] = [];

function chunksOf({ trades, perFrame }: HearingOrder): readonly Buffer[] {
  const words = tradesOf(trades).map((trade) => JSON.stringify(wireTrade(trade)));
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

async function blast(socket: Socket): Promise<void> {
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
  if (server.listening) process.send?.(server.address());
  else server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
});
process.on('disconnect', () => process.exit());
