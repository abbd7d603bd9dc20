import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { parseDuration } from '../../market/duration.ts';
import { minute } from '../../market/nanos.ts';
import type { Desk } from '../desk.ts';
import { type Making, makeOfMarket, makeOfUpload, tellable, tooLarge } from '../make-tape.ts';
import { ProblemError, problemSchema } from '../problem.ts';
import { nothing } from '../schemas/common.ts';
import {
  availabilityQuery,
  availabilityView,
  newTape,
  tapeParams,
  tapeView,
  tapeWork,
  uploaded,
  uploadQuery,
} from '../schemas/tape.ts';
import { TapeShelf } from '../tape-shelf.ts';
import { TapeWorks, type WantedTape } from '../tape-works.ts';
import { availabilityOf, tapeViewOf } from '../views/tape.ts';
import { whileAsked } from '../while-asked.ts';

const uploadTypes = ['application/x-ndjson', 'text/csv', 'application/gzip', 'application/octet-stream'];
const tags = ['tapes'];

/** Tapes: those that come with Papertape, and those that are uploaded, generated, or lie in the server's folder. */
export const tapeRoutes: FastifyPluginAsyncZod<Desk> = async (app, desk) => {
  const shelf = new TapeShelf(desk);
  const works = new TapeWorks(desk.limits.tapeWorks);
  const { clock } = desk;
  const limit = desk.limits.tapeBytes;
  app.addHook('preClose', async () => await works.end());
  // Not read before it is known whether it may be.
  app.addContentTypeParser(uploadTypes, (_request, payload, done) => done(null, payload));

  /** Answers with the tape that is made while somebody waits for it, as long as it takes. */
  const make = async (wanted: WantedTape, reply: FastifyReply, write: (making: Making) => Promise<void>) => {
    const { tape, bytes } = wanted;
    using asked = whileAsked(reply, clock, 'as-long-as-it-takes');
    const upload = await works.do(wanted, async (work, stop) => {
      await shelf.make(tape, bytes, async (folder, full) => {
        const signal = AbortSignal.any([asked.signal, stop, full]);
        await write({ work, signal, folder, limit }).catch((error: unknown) => {
          throw tellable(error, folder);
        });
      });
      return work;
    });
    const view = tapeViewOf(await shelf.find(tape));
    return reply.code(201).header('location', `/tapes/${tape}`).send({ tape: view, upload: upload.view });
  };

  app.get(
    '/tapes',
    {
      schema: {
        operationId: 'listTapes',
        tags,
        summary: 'All tapes: those that come with Papertape, then your own',
        response: { 200: z.array(tapeView), 422: problemSchema },
      },
    },
    async () => (await shelf.list()).map(tapeViewOf),
  );

  app.get(
    '/tapes/:name',
    {
      schema: {
        operationId: 'getTape',
        tags,
        summary: 'What is on record of a tape',
        params: tapeParams,
        response: { 200: tapeView, 404: problemSchema, 422: problemSchema },
      },
    },
    async ({ params }) => tapeViewOf(await shelf.find(params.name)),
  );

  app.get(
    '/tapes/:name/availability',
    {
      schema: {
        operationId: 'tapeAvailability',
        tags,
        summary: 'How complete a tape is: per symbol and channel from when to when, how many rows, and the gaps',
        params: tapeParams,
        querystring: availabilityQuery,
        response: {
          200: availabilityView,
          400: problemSchema,
          404: problemSchema,
          422: problemSchema,
          503: problemSchema,
        },
      },
    },
    async ({ params, query }, reply) => {
      using asked = whileAsked(reply, clock, 5n * minute);
      return await availabilityOf(
        await shelf.find(params.name),
        parseDuration(query.silence) ?? 5n * minute,
        asked.signal,
      );
    },
  );

  app.put(
    '/tapes/:name',
    {
      // Nobody holds it whole: it is counted as it comes.
      bodyLimit: Number.MAX_SAFE_INTEGER,
      config: { mayTakeLong: true },
      schema: {
        operationId: 'putTape',
        tags,
        summary: 'Makes a tape of a file of yours: NDJSON, or CSV as vendors give it, packed with gzip or not',
        params: tapeParams,
        querystring: uploadQuery,
        consumes: uploadTypes,
        body: z.any().meta({ description: 'The file.' }),
        response: { 201: uploaded, ...refused, 408: problemSchema, 415: problemSchema },
      },
    },
    async ({ params, query, headers, body }, reply) => {
      if (!(body instanceof Readable)) throw new ProblemError(415, `send the file as one of ${uploadTypes.join(', ')}`);
      const bytes = Number(headers['content-length'] ?? 0);
      if (bytes > limit.most) throw tooLarge(limit);
      return await make({ id: query.upload, tape: params.name, phase: 'receiving', bytes }, reply, async (making) => {
        await makeOfUpload(body, query, making);
      });
    },
  );

  app.post(
    '/tapes/generate',
    {
      schema: {
        operationId: 'generateTape',
        tags,
        summary: 'Makes a tape of a generated market',
        body: newTape,
        response: { 201: uploaded, ...refused },
      },
    },
    async ({ body: { name: tape, market, upload: id } }, reply) =>
      await make({ id, tape, phase: 'writing', bytes: 0 }, reply, async (making) => await makeOfMarket(market, making)),
  );

  app.get(
    '/tapes/uploads/:id',
    {
      schema: {
        operationId: 'getUpload',
        tags,
        summary: 'How far an upload, or a tape that is generated, is',
        params: z.strictObject({ id: z.string() }),
        response: { 200: tapeWork, 404: problemSchema },
      },
    },
    ({ params }) => works.find(params.id).view,
  );

  app.delete(
    '/tapes/:name',
    {
      schema: {
        operationId: 'deleteTape',
        tags,
        summary: 'Deletes a tape of your own that no run plays',
        params: tapeParams,
        response: { 204: nothing, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async ({ params }, reply) => {
      await shelf.remove(params.name);
      return reply.code(204).send(null);
    },
  );
};

const refused = {
  400: problemSchema,
  409: problemSchema,
  413: problemSchema,
  422: problemSchema,
  429: problemSchema,
  503: problemSchema,
  507: problemSchema,
};
