import { randomBytes } from 'node:crypto';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Nanos } from '../../market/event.ts';
import { labelOf, type Run } from '../../server/index.ts';
import { type Desk, runOf } from '../desk.ts';
import { notFound, ProblemError, problemSchema } from '../problem.ts';
import { runParams } from '../schemas/common.ts';
import { expiry, keyList, keyMade, keyParams, keyView, newKey, revocation, revocationQuery } from '../schemas/key.ts';
import { keyViewOf } from '../views/key.ts';

/** Path segment of requests whose body holds the key. */
const given = 'given';

/** Who may log in to a run. */
export const keyRoutes: FastifyPluginAsyncZod<Desk> = async (app, desk) => {
  app.get(
    '/runs/:run/keys',
    {
      schema: {
        operationId: 'listKeys',
        tags: ['keys'],
        summary: 'Keys that are listed, by their labels',
        params: runParams,
        response: { 200: keyList, 404: problemSchema },
      },
    },
    ({ params }) => {
      const { run } = runOf(desk, params.run);
      return { any: run.keys.isOpen, keys: run.keys.listed.map((key) => keyViewOf(key, run)) };
    },
  );

  app.post(
    '/runs/:run/keys',
    {
      schema: {
        operationId: 'addKey',
        tags: ['keys'],
        summary: 'Lists a key, which is good from now on; one that is listed already is replaced',
        params: runParams,
        body: newKey,
        response: { 201: keyMade, 400: problemSchema, 404: problemSchema, 422: problemSchema },
      },
    },
    async ({ params, body }, reply) => {
      const { id, run } = runOf(desk, params.run);
      const made = body.key === undefined;
      const key = body.key ?? `PK${randomBytes(9).toString('hex').toUpperCase()}`;
      const secret = body.secret ?? (made ? randomBytes(20).toString('hex') : undefined);
      refusing(() => run.keys.add({ ...body, key, secret }));
      const label = labelOf(key);
      const view = { ...viewIn(run, key), key, ...(secret === undefined ? {} : { secret }) };
      return reply.code(201).header('location', `/runs/${id}/keys/${label}`).send(view);
    },
  );

  app.delete(
    '/runs/:run/keys/:key',
    {
      schema: {
        operationId: 'revokeKey',
        tags: ['keys'],
        summary: 'Takes a key away at once',
        params: keyParams,
        querystring: revocationQuery,
        body: revocation,
        response: { 200: keyView, 400: problemSchema, 404: problemSchema, 422: problemSchema },
      },
    },
    ({ params, query, body }) => {
      const { run } = runOf(desk, params.run);
      const key = keyOf(params.key, body?.key, run);
      end(run, key, run.now);
      if (query.sessions === 'end') dismiss(run, labelOf(key));
      return viewIn(run, key);
    },
  );

  app.post(
    '/runs/:run/keys/:key/expire',
    {
      schema: {
        operationId: 'expireKey',
        tags: ['keys'],
        summary: 'Lets a key be good for so long yet; sessions that have come with it stay',
        params: keyParams,
        body: expiry,
        response: { 200: keyView, 400: problemSchema, 404: problemSchema, 422: problemSchema },
      },
    },
    ({ params, body }) => {
      const { run } = runOf(desk, params.run);
      const key = keyOf(params.key, body.key, run);
      end(run, key, run.now + body.after);
      return viewIn(run, key);
    },
  );
};

/** A key that is listed, or that is good because any is. */
function viewIn(run: Run, key: string) {
  const listed = run.keys.listed.find((one) => one.key === key);
  return keyViewOf(listed ?? { key, ends: run.keys.endOf(key) }, run);
}

function keyOf(named: string, shown: string | undefined, { keys }: Run): string {
  if (named === given) {
    if (shown !== undefined) return shown;
    const fault = { field: 'body.key', message: 'missing', wayOut: 'give the key, or name its label in the path' };
    throw new ProblemError(422, `${fault.field}: ${fault.message}; ${fault.wayOut}`, [fault]);
  }
  const key = keys.labelled(named);
  if (key !== undefined) return key;
  const labels = keys.listed.slice(0, 20).map((one) => labelOf(one.key));
  const there = labels.length === 0 ? 'none is listed' : `there are ${labels.join(', ')}`;
  throw notFound(`no key is called ${named}; ${there}; a key itself goes into the body, below ${given}`);
}

function end(run: Run, key: string, at: Nanos): void {
  const isKnown = refusing(() => run.keys.end(key, at));
  if (!isKnown) throw notFound(`${labelOf(key)} was never good here`);
}

/** As the fault `revokeKey` does. */
function dismiss(run: Run, label: string): void {
  for (const session of [...run.sessions]) {
    if (session.record.contact.client !== label) continue;
    session.refuse('dismissed');
    // Only some exchanges end a connection at such words.
    session.endBy((line) => line.hangUp(undefined));
  }
}

/** What no key can be is told as a field of the request. */
function refusing<Answer>(change: () => Answer): Answer {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const field = error.message.includes('.plan') ? 'body.plan' : 'body';
    const message = error.message.replace(/^keys\[0\]\.plan: /, '');
    throw new ProblemError(422, `${field}: ${message}`, [{ field, message }]);
  }
}
