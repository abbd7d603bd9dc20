import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { CacheAwayError } from '../sinks/cache/index.ts';

/** Problem details, RFC 9457. */
export const problem = z
  .strictObject({
    type: z.string().meta({ description: 'Always about:blank: the status says what kind of problem it is.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What is wrong and the way out, for a person.' }),
    instance: z.string().meta({ description: 'The path that was asked for.' }),
  })
  .meta({ id: 'ClientProblem', description: 'Problem details as in RFC 9457.' });

const problemType = 'application/problem+json';

/** An expected no, told as problem details. */
export class ServiceRefusal extends Error {
  override readonly name = 'ServiceRefusal';
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** Answers with problem details. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, status: number, detail: string): void {
  // RFC 9110 §15.5.2 demands it.
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  const title = STATUS_CODES[status] ?? 'Error';
  // Without the query: somebody may have put a token there.
  const instance = request.url.split('?', 1)[0] ?? '';
  void reply.code(status).type(problemType).send({ type: 'about:blank', title, status, detail, instance });
}

/** Tells every error as problem details; what nobody expected goes to `log`, and is told without its insides. */
export function tellFailures(log: (error: Error) => void) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const [status, detail] = toldOf(error);
    if (status === 500) log(error);
    sendProblem(request, reply, status, detail);
  };
}

function toldOf(error: FastifyError): [status: number, detail: string] {
  if (error instanceof ServiceRefusal) return [error.status, error.message];
  if (error instanceof CacheAwayError) return [503, error.message];
  if (hasZodFastifySchemaValidationErrors(error)) {
    const part = error.validationContext ?? 'request';
    const wrong = error.validation.map(({ instancePath, message = 'not valid' }) => {
      return `${part}${instancePath.replace(/\/$/, '').replaceAll('/', '.')}: ${message}`;
    });
    return [400, wrong.join('; ')];
  }
  const status = isResponseSerializationError(error) ? 500 : (error.statusCode ?? 500);
  return status < 500 ? [status, error.message] : [500, 'something went wrong here; the log of the pipeline says what'];
}
