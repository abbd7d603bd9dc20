import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../market/clock.ts';
import { seconds } from '../../market/nanos.ts';
import type { RestAnswer } from '../exchanges/exchange.ts';

/** How long a refused client may take to receive the refusal. */
const refusalDeadline = seconds(1);

/** Answers an upgrade with no and hangs up on both halves: a client that keeps its own open would hold the socket, and the server, for ever. */
export function refuse(socket: Duplex, { status, headers = {}, body }: RestAnswer, clock: Clock): void {
  const reason = STATUS_CODES[status] ?? '';
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const destroy = (): void => void socket.destroy();
  const cancel = clock.wake(clock.now() + refusalDeadline, destroy);
  socket.once('close', cancel);
  socket.once('finish', destroy);
  socket.write(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\n${lines.join('')}`);
  socket.end(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.toString()}`);
}
