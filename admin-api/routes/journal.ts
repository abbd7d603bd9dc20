import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { formatDuration } from '../../market/duration.ts';
import { describeEntry, type JournalEntry, type Trial } from '../../server/index.ts';
import { type Desk, runOf } from '../desk.ts';
import { follow } from '../follow.ts';
import { ProblemError, problemSchema } from '../problem.ts';
import { runParams } from '../schemas/common.ts';
import { entryFilter, entryView, journalCount, journalPage, journalQuery, waitQuery } from '../schemas/journal.ts';
import { entryViewOf, isMeant } from '../views/journal.ts';

/** Entries of which a wait in vain tells. */
const shown = 5;

/** What was said, done and broken in a run. */
export const journalRoutes: FastifyPluginAsyncZod<Desk> = async (app, desk) => {
  const schemaOf = (operationId: string, summary: string) => ({
    operationId,
    tags: ['journal'],
    summary,
    params: runParams,
  });
  const problems = { 400: problemSchema, 404: problemSchema };

  app.get(
    '/runs/:run/journal',
    {
      schema: {
        ...schemaOf('queryJournal', 'What was said, done and broken; keys are told as labels'),
        querystring: journalQuery,
        response: { 200: journalPage, ...problems },
      },
    },
    ({ params, query }) => {
      const { trial } = runOf(desk, params.run);
      const { before = Infinity, limit, order, ...filter } = query;
      const kept = trial.entries;
      const meant = kept.filter((entry) => entry.number < before && isMeant(entry, filter));
      const page = order === 'newest' ? meant.slice(-limit).toReversed() : meant.slice(0, limit);
      const last = page.at(-1)?.number;
      return {
        entries: page.map(entryViewOf),
        ...(meant.length > page.length ? { next: `${order === 'newest' ? 'before' : 'since'}=${last}` } : {}),
        written: trial.written,
        forgotten: trial.written - kept.length,
      };
    },
  );

  app.get(
    '/runs/:run/journal/count',
    {
      schema: {
        ...schemaOf('countJournal', 'How many entries there are of a kind'),
        querystring: entryFilter,
        response: { 200: journalCount, ...problems },
      },
    },
    ({ params, query }) => {
      const { trial } = runOf(desk, params.run);
      const count = trial.entries.filter((entry) => isMeant(entry, query)).length;
      return { count, written: trial.written };
    },
  );

  app.get(
    '/runs/:run/journal/wait',
    {
      schema: {
        ...schemaOf('awaitJournal', 'Waits until so many entries are there; 408 when they do not come in time'),
        description: 'Entries that are there already count too; `since` leaves them out.',
        querystring: waitQuery,
        response: { 200: z.array(entryView), ...problems, 408: problemSchema, 409: problemSchema },
      },
    },
    async ({ params, query }, reply) => {
      const { trial } = runOf(desk, params.run);
      const { count, timeout, ...filter } = query;
      using asked = gone(reply);
      const { clock } = desk;
      const cancel = clock.wake(clock.now() + timeout, () => asked.stop());
      const found: JournalEntry[] = [];
      for await (const entries of follow(trial, query.since ?? 0, clock, asked.signal)) {
        found.push(...entries.filter((entry) => isMeant(entry, filter)));
        if (found.length >= count) break;
      }
      cancel();
      if (found.length >= count) return found.slice(0, count).map(entryViewOf);
      if (trial.closed.aborted) throw new ProblemError(409, `the run ended; ${told(found, count, trial)}`);
      throw new ProblemError(408, `not within ${formatDuration(timeout)}; ${told(found, count, trial)}`);
    },
  );

  app.get(
    '/runs/:run/journal/stream',
    {
      schema: {
        ...schemaOf('streamJournal', 'Entries as they are written, one JSON object a line, until the run ends'),
        description: 'From now on, or from after `since`.',
        querystring: entryFilter,
        produces: ['application/x-ndjson'],
        response: { 200: z.unknown().meta({ description: 'One JournalEntry a line.' }), ...problems },
      },
    },
    async ({ params, query }, reply) => {
      const { trial } = runOf(desk, params.run);
      const asked = gone(reply);
      const lines = async function* (): AsyncGenerator<string> {
        for await (const entries of follow(trial, query.since ?? trial.written, desk.clock, asked.signal)) {
          const meant = entries.filter((entry) => isMeant(entry, query));
          if (meant.length > 0) yield meant.map((entry) => `${JSON.stringify(entryViewOf(entry))}\n`).join('');
        }
      };
      return reply.type('application/x-ndjson').send(Readable.from(lines()));
    },
  );
};

/** A signal that aborts when whoever asked has gone, or when it is stopped. */
function gone({ raw }: Pick<FastifyReply, 'raw'>): Disposable & { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  raw.once('close', stop);
  return { signal: controller.signal, stop, [Symbol.dispose]: () => void raw.off('close', stop) };
}

function told(found: readonly JournalEntry[], count: number, trial: Trial): string {
  const last = trial.entries.slice(-shown).map((entry) => `#${entry.number} ${describeEntry(entry)}`);
  const seen = last.length === 0 ? 'nothing was seen' : `seen last: ${last.join('; ')}`;
  return `${found.length} of ${count} entries matched; ${seen}`;
}
