import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { faultCatalogue } from '../../server/index.ts';
import { type Desk, runOf } from '../desk.ts';
import { injected } from '../injected.ts';
import { notFound, problemSchema } from '../problem.ts';
import { nothing, runParams } from '../schemas/common.ts';
import { faultKind, faultParams, liveFault, newFault } from '../schemas/fault.ts';
import { faultView } from '../views/fault.ts';

/** What can go wrong, what does, and making it so by hand. */
export const faultRoutes: FastifyPluginAsyncZod<Desk> = async (app, desk) => {
  app.get(
    '/faults',
    {
      schema: {
        operationId: 'listFaultKinds',
        tags: ['faults'],
        summary: 'Everything that can go wrong, with its options, an example, and what that does',
        response: { 200: z.array(faultKind) },
      },
    },
    () => faultCatalogue().map((kind) => ({ ...kind, options: { ...kind.options } })),
  );

  app.get(
    '/runs/:run/faults',
    {
      schema: {
        operationId: 'listFaults',
        tags: ['faults'],
        summary: 'What goes wrong in a run now: by its scenario, and by hand',
        params: runParams,
        response: { 200: z.array(liveFault), 404: problemSchema },
      },
    },
    ({ params }) => runOf(desk, params.run).run.liveFaults.map(faultView),
  );

  app.post(
    '/runs/:run/faults',
    {
      schema: {
        operationId: 'injectFault',
        tags: ['faults'],
        summary: 'Makes something go wrong at once, for so long',
        description:
          'A step of a scenario without its when. `for` is wall time unless `realtime` is false, so that it ends also while the tape is paused or over.',
        params: runParams,
        body: newFault,
        response: { 201: liveFault, 400: problemSchema, 404: problemSchema, 409: problemSchema, 422: problemSchema },
      },
    },
    async ({ params, body }, reply) => {
      const { id, run } = runOf(desk, params.run);
      const live = await injected(
        () => run.inject(body),
        (path) => (path === '' ? 'body' : `body.${path}`),
      );
      const place = `/runs/${id}/faults/${encodeURIComponent(live.id)}`;
      return reply.code(201).header('location', place).send(faultView(live));
    },
  );

  app.delete(
    '/runs/:run/faults/:fault',
    {
      schema: {
        operationId: 'liftFault',
        tags: ['faults'],
        summary: 'Ends what is live under an id at once, the scenario’s own too',
        params: faultParams,
        response: { 204: nothing, 404: problemSchema },
      },
    },
    async ({ params: { run: id, fault } }, reply) => {
      const { run } = runOf(desk, id);
      if (run.lift(fault)) return reply.code(204).send(null);
      const live = [...new Set(run.liveFaults.map((one) => one.id))].slice(0, 20);
      throw notFound(
        `nothing called ${fault} is live; ${live.length === 0 ? 'nothing is' : `there is ${live.join(', ')}`}`,
      );
    },
  );
};
