import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Cancel } from '../../market/clock.ts';
import { millis } from '../../market/nanos.ts';
import type { Desk } from '../desk.ts';
import { LiveView } from '../live-view.ts';
import { ProblemError, problemSchema } from '../problem.ts';
import { liveMessage, liveQuery } from '../schemas/live.ts';

/** Wall time between two looks. */
const beat = millis(100);
/** Bytes that may wait for a page; it is told nothing new before it has read some. */
const mostWaiting = 2 ** 20;
/** Looks for which a page may read nothing, before it is given up. */
const mostMissed = 300;
/** Pages that listen at once. */
const mostPages = 100;
/** Of RFC 6455 §7.4 and its registry: try again later. */
const tryLater = 1013;

/** Pushes what happens in a run to pages, over WebSockets. */
export const liveRoutes: FastifyPluginAsyncZod<Desk> = async (app, desk) => {
  const { clock } = desk;
  app.route({
    method: 'GET',
    url: '/live',
    schema: {
      operationId: 'live',
      tags: ['journal'],
      summary: 'Pushes what happens in a run, over a WebSocket',
      description:
        'Ask for an upgrade (RFC 6455). A browser shows the token as one of its subprotocols: `papertape`, and `token.` with the token in base64url.',
      querystring: liveQuery,
      response: { 101: liveMessage, 400: problemSchema, 426: problemSchema },
    },
    handler: (_, reply) => {
      void reply.headers({ upgrade: 'websocket', connection: 'upgrade' });
      throw new ProblemError(426, 'this is a WebSocket; ask for an upgrade, as the SDK does with live()');
    },
    wsHandler: (socket, { query }) => {
      if (app.websocketServer.clients.size > mostPages) {
        return socket.close(tryLater, `${mostPages} pages listen already`);
      }
      const view = new LiveView(desk, query.run, query.kinds);
      let missed = 0;
      let cancel: Cancel = () => undefined;
      const look = (): void => {
        cancel = clock.wake(clock.now() + beat, look);
        if (socket.bufferedAmount > mostWaiting) {
          if (++missed > mostMissed) socket.terminate();
          return;
        }
        missed = 0;
        for (const text of view.look()) socket.send(text);
      };
      socket.on('close', () => {
        cancel();
        view[Symbol.dispose]();
      });
      look();
    },
  });
};
