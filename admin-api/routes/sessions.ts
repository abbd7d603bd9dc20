import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { InjectionInput, Run } from '../../server/index.ts';
import { type Desk, runOf } from '../desk.ts';
import { injected } from '../injected.ts';
import { notFound, problemSchema } from '../problem.ts';
import { nothing, runParams } from '../schemas/common.ts';
import { goodbye, sessionParams, sessionView } from '../schemas/session.ts';
import { sessionViewOf } from '../views/session.ts';

/** Clients that are connected to a run. */
export const sessionRoutes: FastifyPluginAsyncZod<Desk> = async (app, desk) => {
  app.get(
    '/runs/:run/sessions',
    {
      schema: {
        operationId: 'listSessions',
        tags: ['sessions'],
        summary: 'Clients that are connected, what they subscribe to, and how far behind they are',
        params: runParams,
        response: { 200: z.array(sessionView), 404: problemSchema },
      },
    },
    ({ params }) => {
      const { run } = runOf(desk, params.run);
      return [...run.sessions].map((session) => sessionViewOf(session, run));
    },
  );

  app.get(
    '/runs/:run/sessions/:session',
    {
      schema: {
        operationId: 'getSession',
        tags: ['sessions'],
        summary: 'One client that is connected',
        params: sessionParams,
        response: { 200: sessionView, 400: problemSchema, 404: problemSchema },
      },
    },
    ({ params }) => {
      const { run } = runOf(desk, params.run);
      return sessionViewOf(sessionOf(run, params.session), run);
    },
  );

  app.delete(
    '/runs/:run/sessions/:session',
    {
      schema: {
        operationId: 'endSession',
        tags: ['sessions'],
        summary: 'Ends a connection; the journal tells it as a fault',
        params: sessionParams,
        querystring: goodbye,
        response: { 204: nothing, 400: problemSchema, 404: problemSchema, 422: problemSchema },
      },
    },
    async ({ params, query }, reply) => {
      const { run } = runOf(desk, params.run);
      const { id } = sessionOf(run, params.session);
      await injected(
        () => run.inject({ inject: faultOf(query), target: { sessions: [id] } }),
        (path) => path.replace(/^inject\.\w+/, 'query'),
      );
      return reply.code(204).send(null);
    },
  );
};

function sessionOf(run: Run, number: number) {
  const open = [...run.sessions];
  const session = open.find(({ id }) => id === number);
  if (session !== undefined) return session;
  const there =
    open.length === 0
      ? 'nobody is connected'
      : `there are ${open
          .slice(0, 20)
          .map(({ id }) => id)
          .join(', ')}`;
  throw notFound(`no session ${number} is connected; ${there}`);
}

function faultOf({ how, code, reason }: z.output<typeof goodbye>): InjectionInput['inject'] {
  if (how === 'refuse') return { evict: {} };
  if (how !== 'close') return { [how]: {} };
  return { close: { ...(code === undefined ? {} : { code }), ...(reason === undefined ? {} : { reason }) } };
}
