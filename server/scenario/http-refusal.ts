import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import { second } from '../../market/nanos.ts';
import type { RestAnswer } from '../exchanges/rest.ts';

/** How a scenario writes that somebody is turned away over HTTP. */
export const httpRefusal = z.strictObject({
  status: z
    .int()
    .min(400, 'no refusal; use 400–599')
    .max(599, 'no status; use 400–599')
    .meta({ title: 'Status', description: 'HTTP status of the answer.', examples: [401, 403, 429, 503] }),
  retryAfter: duration
    .refine((span) => span % second === 0n, 'not whole seconds, and Retry-After has no others')
    .optional()
    .meta({
      title: 'Retry after',
      description: 'What the header Retry-After says, whatever the speed of the tape; no such header when absent.',
      examples: ['3s', '1m'],
    }),
  body: z
    .string()
    .default('')
    .meta({ title: 'Body', description: 'Body of the answer.', examples: ['{"message":"too many requests."}'] }),
});
export type HttpRefusal = z.output<typeof httpRefusal>;

/** That answer. Retry-After is in seconds (RFC 9110 §10.2.3). */
export function answerOf({ status, retryAfter, body }: HttpRefusal): RestAnswer {
  const headers = {
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter / second) }),
    ...(body === '' ? {} : { 'content-type': isJson(body) ? 'application/json' : 'text/plain; charset=utf-8' }),
  };
  return { status, headers, body };
}

/** As sentences say it: `HTTP 429, to come back after 3s`. */
export function sayRefusal({ status, retryAfter }: HttpRefusal): string {
  return `HTTP ${status}${retryAfter === undefined ? '' : `, to come back after ${formatDuration(retryAfter)}`}`;
}

function isJson(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
