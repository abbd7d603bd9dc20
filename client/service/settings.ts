import { z } from 'zod';

/** Characters of a token that others than this machine have to guess. */
const shortestToken = 16;

/** Where the service listens, and to whom. */
export const serviceSettings = z
  .strictObject({
    host: z
      .string()
      .default('127.0.0.1')
      .meta({ description: 'Address to listen on. Elsewhere than on loopback a token is needed.' }),
    port: z.int().min(0).max(65_535).default(8768).meta({ description: 'Port to listen on; 0 takes a free one.' }),
    token: z
      .string()
      .min(shortestToken)
      .optional()
      .meta({ description: 'Demanded of every request but probes, as Authorization: Bearer.' }),
    requestsPerMinute: z
      .int()
      .min(1)
      .default(1200)
      .meta({ description: 'Requests of one address in a minute; probes are not counted.' }),
    messagesPerMinute: z
      .int()
      .min(1)
      .default(600)
      .meta({ description: 'Messages of one WebSocket in a minute; past it, it is closed.' }),
  })
  .refine(({ host, token }) => isLoopback(host) || token !== undefined, {
    path: ['token'],
    error: `listening on more than loopback needs a token of ${shortestToken} characters or more`,
  })
  .meta({ description: 'The HTTP service: health, status, live prices.' });

export type ServiceSettings = z.output<typeof serviceSettings>;

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/** Whether an address or a name is this machine's alone. */
export function isLoopback(host: string): boolean {
  return loopback.test(host);
}
