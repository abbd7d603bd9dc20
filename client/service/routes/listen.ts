import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import type { Cancel } from '../../../market/clock.ts';
import { isoMillis, minute, seconds } from '../../../market/nanos.ts';
import { tryLater } from '../../sinks/broadcast/index.ts';
import { allOf, answerTo, type Held } from '../listener-session.ts';
import type { Desk } from '../desk.ts';
import { worst } from '../views.ts';

/** How often a listener is asked whether it is there; one that does not answer till the next time is not. */
const beat = seconds(30);
/** Of RFC 6455 §7.4.1. */
const policyViolation = 1008;

/** Pushes live events to WebSockets: `/ws` everything until told otherwise, `/ws/{symbol}` all of one symbol. */
export const listenRoutes: FastifyPluginAsyncZod<Desk> = async (app, desk) => {
  const schema = { hide: true } as const;
  app.get('/ws', { websocket: true, schema }, (socket) => attend(socket, 'everything', desk));
  // A slash that nobody encoded is part of the symbol.
  app.get(
    '/ws/*',
    { websocket: true, schema: { ...schema, params: z.strictObject({ '*': z.string().min(1).max(300) }) } },
    (socket, { params }) => attend(socket, allOf(params['*']), desk),
  );
};

function attend(socket: WebSocket, first: Held, { watched, clock, messagesPerMinute }: Desk): void {
  const { broadcast } = watched;
  if (broadcast.isFull) return socket.close(tryLater, 'there are too many listeners');
  let held = first;
  const listening = broadcast.attach({
    send: (frame) => socket.send(frame, { binary: false }),
    waiting: () => socket.bufferedAmount,
    close: (code, reason) => {
      socket.close(code, reason);
      // One that does not read would not read its leave either.
      if (code === tryLater) socket.terminate();
    },
  });
  listening.want(held);

  let isThere = true;
  let cancel: Cancel;
  const ask = (): void => {
    if (!isThere) return socket.terminate();
    isThere = false;
    socket.ping();
    cancel = clock.wake(clock.now() + beat, ask);
  };
  cancel = clock.wake(clock.now() + beat, ask);
  socket.on('pong', () => (isThere = true));

  let said = 0;
  let since = clock.now();
  socket.on('message', (data: RawData) => {
    isThere = true;
    const now = clock.now();
    if (now - since >= minute) [said, since] = [0, now];
    if (++said > messagesPerMinute)
      return socket.close(policyViolation, `more than ${messagesPerMinute} messages a minute`);
    const answer = answerTo(textOf(data), held);
    if (answer.held !== undefined) listening.want((held = answer.held));
    const { says } = answer;
    const alive = { type: 'heartbeat', at: isoMillis(now), status: worst(watched.health()) };
    socket.send(JSON.stringify(says === 'heartbeat' ? alive : says));
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    cancel();
    listening[Symbol.dispose]();
  });
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.from(new Uint8Array(data)).toString();
}
