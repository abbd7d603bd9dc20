import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Standing } from '../../server/index.ts';
import { minute } from '../../market/nanos.ts';
import { type Desk, runOf } from '../desk.ts';
import { problemSchema } from '../problem.ts';
import { runParams } from '../schemas/common.ts';
import { standings, verdict, verdictQuery } from '../schemas/verdict.ts';
import { whileAsked } from '../while-asked.ts';

const mediaTypes = { junit: 'application/xml', html: 'text/html' } as const;

/** Whether the clients of a run do what its scenario expects. */
export const verdictRoutes: FastifyPluginAsyncZod<Desk> = async (app, desk) => {
  app.get(
    '/runs/:run/standings',
    {
      schema: {
        operationId: 'getStandings',
        tags: ['verdict'],
        summary: 'How each expectation stands now',
        params: runParams,
        response: { 200: standings, 404: problemSchema },
      },
    },
    async ({ params }) => {
      const { trial } = runOf(desk, params.run);
      const list = (await trial.standings()).map((one) => ({ ...findingOf(one), outcome: one.outcome }));
      return { decided: await trial.isDecided(), standings: list };
    },
  );

  app.get(
    '/runs/:run/verdict',
    {
      schema: {
        operationId: 'getVerdict',
        tags: ['verdict'],
        summary: 'Whether the clients coped, as of now: what is still open is unmet',
        description:
          'With format junit or html a report, whose header `x-papertape-decided` says whether more may come.',
        params: runParams,
        querystring: verdictQuery,
        produces: ['application/json', 'application/xml', 'text/html'],
        response: {
          200: z.union([verdict, z.string()]),
          400: problemSchema,
          404: problemSchema,
          409: problemSchema,
          503: problemSchema,
        },
      },
    },
    async ({ params, query: { format } }, reply) => {
      const { trial } = runOf(desk, params.run);
      const decided = await trial.isDecided();
      // It may read the whole tape, and a report once more.
      using asked = whileAsked(reply, desk.clock, 5n * minute);
      const { signal } = asked;
      const given = await trial.verdict(signal);
      void reply.header('x-papertape-decided', String(decided));
      if (format !== 'json') {
        const report = await trial.report(format, given, { version: desk.version, signal });
        // A report is a page of its own: what clients have said must not run here.
        return reply
          .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox")
          .type(`${mediaTypes[format]}; charset=utf-8`)
          .serializer((text: unknown) => String(text))
          .send(report);
      }
      const findings = given.findings.map((one) => ({ ...findingOf(one), outcome: one.outcome }));
      return { decided, passed: given.passed, counts: given.counts, findings };
    },
  );
};

function findingOf({ id, sentence, severity, step, expected, seen, lines }: Standing) {
  return { id, sentence, severity, ...(step === undefined ? {} : { step }), expected, seen, lines: [...lines] };
}
