import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Desk } from '../desk.ts';
import { nothing } from '../schemas/common.ts';

const health = z.strictObject({ status: z.enum(['ok', 'broken']), broken: z.array(z.string()) }).meta({ id: 'Health' });

/** Of the process as a whole. */
export const systemRoutes: FastifyPluginAsyncZod<Desk> = async (app, desk) => {
  const { papertape, version } = desk;
  const broken = (): string[] =>
    [...papertape.runs].filter(({ run }) => run.status.phase === 'broken').map(({ id }) => id);

  app.get(
    '/health',
    {
      schema: {
        operationId: 'health',
        tags: ['system'],
        summary: 'Whether the process is alive; it names runs whose tape broke, which other runs do not notice',
        response: { 200: health },
      },
    },
    () => ({ status: broken().length === 0 ? ('ok' as const) : ('broken' as const), broken: broken() }),
  );

  app.get(
    '/ready',
    {
      schema: {
        operationId: 'ready',
        tags: ['system'],
        summary: 'Whether clients can connect: 503 while the default run is broken',
        response: { 200: health, 503: health },
      },
    },
    async (_, reply) => {
      const isBroken = papertape.runs.default.run.status.phase === 'broken';
      return reply.code(isBroken ? 503 : 200).send({ status: isBroken ? 'broken' : 'ok', broken: broken() });
    },
  );

  app.get(
    '/version',
    {
      schema: {
        operationId: 'version',
        tags: ['system'],
        summary: 'Which Papertape this is',
        response: { 200: z.strictObject({ version: z.string(), node: z.string() }).meta({ id: 'Version' }) },
      },
    },
    () => ({ version, node: process.versions.node }),
  );

  app.post(
    '/reset',
    {
      schema: {
        operationId: 'reset',
        tags: ['system'],
        summary: 'Ends every run but the default one, which is opened anew; those still being opened are not',
        response: { 204: nothing },
      },
    },
    async (_, reply) => {
      await papertape.runs.reset();
      return reply.code(204).send(null);
    },
  );
};
