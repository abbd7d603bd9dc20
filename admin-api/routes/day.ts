import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { isoMillis } from '../../market/nanos.ts';
import { dayAround, drawDay, type HostedRun, plannedFaults, playedBars, type Run } from '../../server/index.ts';
import { type Desk, runOf } from '../desk.ts';
import { momentIn } from '../moment.ts';
import { notFound, problemSchema } from '../problem.ts';
import { barsQuery, barView, dayQuery, dayView, type DayView, symbolView } from '../schemas/day.ts';
import { runParams } from '../schemas/common.ts';
import { whileAsked } from '../while-asked.ts';

/** The tape as it can be drawn. */
export const dayRoutes: FastifyPluginAsyncZod<Desk> = async (app, desk) => {
  /** Days that were read, or are being read: the whole tape passes for each. */
  const days = new WeakMap<Run, Map<bigint, Promise<DayView>>>();
  const problems = {
    400: problemSchema,
    404: problemSchema,
    409: problemSchema,
    422: problemSchema,
    503: problemSchema,
  };

  const dayOf = async ({ run, trial }: HostedRun, at: bigint): Promise<DayView> => {
    const known = days.get(run) ?? new Map<bigint, Promise<DayView>>();
    days.set(run, known);
    const { from } = dayAround(run, at);
    const drawn = known.get(from) ?? draw(run, at, trial.closed);
    known.set(from, drawn);
    try {
      return await drawn;
    } catch (error) {
      known.delete(from);
      throw error;
    }
  };

  app.get(
    '/runs/:run/day',
    {
      schema: {
        operationId: 'getDay',
        tags: ['runs'],
        summary: 'A day of the tape: what is traded when, and which faults are planned',
        params: runParams,
        querystring: dayQuery,
        response: { 200: dayView, ...problems },
      },
    },
    async ({ params, query }) => {
      const hosted = runOf(desk, params.run);
      const { position } = hosted.run.status;
      return await dayOf(hosted, instantIn(hosted.run, query.at, 'at') ?? position ?? hosted.run.span.from);
    },
  );

  app.get(
    '/runs/:run/symbols',
    {
      schema: {
        operationId: 'listSymbols',
        tags: ['runs'],
        summary: 'Everything that trades on the tape of a run',
        params: runParams,
        response: { 200: z.array(symbolView), 404: problemSchema },
      },
    },
    ({ params }) => runOf(desk, params.run).run.listed.map(({ market, symbol }) => ({ market, symbol })),
  );

  app.get(
    '/runs/:run/bars',
    {
      schema: {
        operationId: 'listBars',
        tags: ['runs'],
        summary: 'Minute bars of a symbol, as far as they have been played',
        params: runParams,
        querystring: barsQuery,
        response: { 200: z.array(barView), ...problems },
      },
    },
    async ({ params, query }, reply) => {
      const { run, trial } = runOf(desk, params.run);
      const { symbol, market, since, limit } = query;
      const listed = run.listed.find((one) => one.symbol === symbol && (market ?? one.market) === one.market);
      if (listed === undefined) throw notFound('the tape has no such symbol; /symbols lists those it has');
      using asked = whileAsked(reply, desk.clock);
      const from = instantIn(run, since, 'since') ?? run.span.from;
      const signal = AbortSignal.any([asked.signal, trial.closed]);
      const bars = await playedBars(run, { market: listed.market, symbol, from }, signal);
      return bars.slice(-limit).map(({ start, open, high, low, close, volume }) => {
        return { at: isoMillis(start), open, high, low, close, volume };
      });
    },
  );
};

/** The instant that a text of a query names; absent when there is none. Throws a `ProblemError` for a text that names none. */
const instantIn = (run: Run, text: string | undefined, field: string): bigint | undefined =>
  text === undefined ? undefined : momentIn(run, text, `query.${field}`);

async function draw(run: Run, at: bigint, signal: AbortSignal): Promise<DayView> {
  const { from, to, length, stretches } = await drawDay(run, at, signal);
  return {
    from: isoMillis(from),
    to: isoMillis(to),
    lengthMs: Number(length / 1_000_000n),
    stretches: stretches.map((one) => ({ at: isoMillis(one.at), trades: one.trades, turnover: one.turnover })),
    faults: plannedFaults(run)
      .filter((fault) => fault.at >= from && fault.at <= to)
      .map(({ id, at: begins, until, sentence }) => ({
        id,
        at: isoMillis(begins),
        ...(until === undefined ? {} : { until: isoMillis(until) }),
        sentence,
      })),
  };
}
