import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod';
import { type Problem as ScenarioProblem, RunsError, ScenarioError, TapeError } from '../server/index.ts';
import type { Desk } from './desk.ts';
import { type Fault, ProblemError, problemOf, problemType } from './problem.ts';

const statusOf: Readonly<Record<RunsError['reason'], number>> = { taken: 409, 'bad-name': 400, full: 503, kept: 409 };

/** Tells every error as problem details. What nobody expected is logged, and told without its insides. */
export function tellFailures({ log }: Pick<Desk, 'log'>) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const { status, detail, faults } = failureOf(error, request);
    if (status === 500) log.error({ err: error, method: request.method, url: pathOf(request) }, 'a request failed');
    // RFC 9110 §15.5.2 demands it.
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    // What is still on its way is not waited for.
    if (!request.raw.complete) void reply.header('connection', 'close');
    void reply
      .code(status)
      .type(problemType)
      .send(problemOf(status, detail, pathOf(request), faults));
  };
}

/** The path that was asked for, without the query: a token may stand there. */
export function pathOf({ url }: Pick<FastifyRequest, 'url'>): string {
  return url.split('?', 1)[0] ?? url;
}

interface Failure {
  readonly status: number;
  readonly detail: string;
  readonly faults?: readonly Fault[] | undefined;
}

function failureOf(error: FastifyError, { routeOptions }: Pick<FastifyRequest, 'routeOptions'>): Failure {
  if (error instanceof ProblemError) return { status: error.status, detail: error.message, faults: error.faults };
  if (error instanceof RunsError) return { status: statusOf[error.reason], detail: error.message };
  if (error instanceof ScenarioError) {
    const detail = 'the scenario cannot be used; see errors, each with its line';
    return { status: 422, detail, faults: error.problems.map(faultOf) };
  }
  // Whatever a run was doing for its asker stops with it.
  if (error.name === 'AbortError') return { status: 409, detail: 'the run was stopped or reset meanwhile; ask again' };
  if (error instanceof TapeError) return { status: 422, detail: error.message };
  if (hasZodFastifySchemaValidationErrors(error)) {
    const part = error.validationContext ?? 'request';
    const faults = error.validation.map(({ instancePath, message = 'not valid' }) => {
      return { field: part + instancePath.replace(/\/$/, '').replaceAll('/', '.'), message };
    });
    return { status: 400, detail: faults.map(({ field, message }) => `${field}: ${message}`).join('; '), faults };
  }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return { status: 413, detail: `more than the ${routeOptions.bodyLimit} bytes that may be sent here; send less` };
  }
  const status = isResponseSerializationError(error) ? 500 : (error.statusCode ?? 500);
  return { status, detail: status < 500 ? error.message : 'something went wrong here; the log of Papertape says what' };
}

/** What is wrong with a scenario, as a field of the request. */
export function faultOf({ place, path, value, message, wayOut }: ScenarioProblem): Fault {
  return {
    field: path,
    message,
    ...(wayOut === '' ? {} : { wayOut }),
    ...(value === undefined ? {} : { value }),
    ...('variable' in place ? {} : place),
  };
}
