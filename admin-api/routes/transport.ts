import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { type Desk, runOf } from '../desk.ts';
import { momentIn } from '../moment.ts';
import { problemSchema } from '../problem.ts';
import { runParams } from '../schemas/common.ts';
import { runView, seekTo, speedChange, stepBy } from '../schemas/run.ts';
import { viewOf } from '../views/run.ts';

/** The knobs of a run's deck. */
export const transportRoutes: FastifyPluginAsyncZod<Desk> = async (app, desk) => {
  const schemaOf = (operationId: string, summary: string) => ({
    operationId,
    tags: ['transport'],
    summary,
    params: runParams,
    response: { 200: runView, 400: problemSchema, 404: problemSchema, 422: problemSchema },
  });

  app.post(
    '/runs/:run/play',
    { schema: schemaOf('play', 'Plays, from the start or from where it was paused') },
    (request) => {
      const hosted = runOf(desk, request.params.run);
      hosted.run.play();
      return viewOf(hosted, desk);
    },
  );

  app.post('/runs/:run/pause', { schema: schemaOf('pause', 'Holds the tape; clients stay connected') }, (request) => {
    const hosted = runOf(desk, request.params.run);
    hosted.run.pause();
    return viewOf(hosted, desk);
  });

  app.post(
    '/runs/:run/resume',
    { schema: schemaOf('resume', 'Goes on after a pause; the same as play') },
    (request) => {
      const hosted = runOf(desk, request.params.run);
      hosted.run.play();
      return viewOf(hosted, desk);
    },
  );

  app.put(
    '/runs/:run/speed',
    { schema: { ...schemaOf('setSpeed', 'Plays slower or faster from now on'), body: speedChange } },
    (request) => {
      const hosted = runOf(desk, request.params.run);
      hosted.run.setSpeed(request.body.speed);
      return viewOf(hosted, desk);
    },
  );

  app.post(
    '/runs/:run/seek',
    { schema: { ...schemaOf('seek', 'Moves the needle to a market time'), body: seekTo } },
    (request) => {
      const hosted = runOf(desk, request.params.run);
      hosted.run.seek(momentIn(hosted.run, request.body.to, 'body.to'));
      return viewOf(hosted, desk);
    },
  );

  app.post(
    '/runs/:run/step',
    { schema: { ...schemaOf('step', 'While not playing: one event, or on to the next bar'), body: stepBy } },
    (request) => {
      const hosted = runOf(desk, request.params.run);
      hosted.run.step(request.body.what);
      return viewOf(hosted, desk);
    },
  );

  app.post(
    '/runs/:run/reset',
    { schema: schemaOf('resetRun', 'Opens the run anew, as it was at first; its clients are sent away') },
    async (request) => {
      const { id } = runOf(desk, request.params.run);
      await desk.papertape.runs.restart(id);
      return viewOf(runOf(desk, id), desk);
    },
  );
};
