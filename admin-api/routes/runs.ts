import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { located } from '../../server/index.ts';
import { type Desk, runOf } from '../desk.ts';
import { problemSchema } from '../problem.ts';
import { readScenario } from '../scenario-given.ts';
import { nothing, runParams } from '../schemas/common.ts';
import { openedRun, runAsked, runView } from '../schemas/run.ts';
import { openedViewOf, viewOf } from '../views/run.ts';

/** Runs: what there is, opening one, and ending it. */
export const runRoutes: FastifyPluginAsyncZod<Desk> = async (app, desk) => {
  const { papertape } = desk;

  app.get(
    '/runs',
    {
      schema: {
        operationId: 'listRuns',
        tags: ['runs'],
        summary: 'All runs, the default one first',
        response: { 200: z.array(runView) },
      },
    },
    () => [...papertape.runs].map((hosted) => viewOf(hosted, desk)),
  );

  app.post(
    '/runs',
    {
      schema: {
        operationId: 'createRun',
        tags: ['runs'],
        summary: 'Opens a run of a scenario beside the others',
        body: runAsked,
        response: { 201: openedRun, 400: problemSchema, 409: problemSchema, 422: problemSchema, 503: problemSchema },
      },
    },
    async ({ body }, reply) => {
      // A reset that comes meanwhile is meant for it, too.
      const { era: signal } = papertape.runs;
      const loaded = await readScenario(body.scenario, desk);
      const { scenario, directory } = loaded;
      const seeded = body.seed === undefined ? scenario : { ...scenario, seed: body.seed };
      const opening = papertape.runs.open({ scenario: seeded, directory, signal }, body.id);
      const hosted = await opening.catch((error: unknown) => {
        throw located(error, loaded);
      });
      if (body.play) hosted.run.play();
      return reply.code(201).header('location', `/runs/${hosted.id}`).send(openedViewOf(hosted, desk));
    },
  );

  app.get(
    '/runs/:run',
    {
      schema: {
        operationId: 'getRun',
        tags: ['runs'],
        summary: 'Where a run stands, and how clients find it',
        params: runParams,
        response: { 200: runView, 404: problemSchema },
      },
    },
    ({ params }) => viewOf(runOf(desk, params.run), desk),
  );

  app.delete(
    '/runs/:run',
    {
      schema: {
        operationId: 'stopRun',
        tags: ['runs'],
        summary: 'Ends a run and all its sessions; the default one stays',
        params: runParams,
        response: { 204: nothing, 404: problemSchema, 409: problemSchema },
      },
    },
    async ({ params }, reply) => {
      const { id } = runOf(desk, params.run);
      await papertape.runs.close(id);
      return reply.code(204).send(null);
    },
  );
};
