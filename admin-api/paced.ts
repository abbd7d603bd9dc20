import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Cancel, Clock } from '../market/clock.ts';
import { minute } from '../market/nanos.ts';
import { ProblemError } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its body may come for longer than a minute, as long as it comes. */
    readonly mayTakeLong?: boolean;
  }
}

/** Bytes that have to come in a minute of a body that may take long, while it is not over. */
const fewest = 2 ** 14;

/** Whether a body is on its way. */
export const hasBody = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * The body of a request as it comes. It has to be there within a minute of wall time, or, where it may take long, to get on in each. Whoever is too slow
 * is told so by a `ProblemError`, or hung up on when he has been answered already.
 */
export function paced(
  { raw: body, routeOptions }: FastifyRequest,
  { raw: answer }: FastifyReply,
  clock: Clock,
): Readable {
  const taken = new PassThrough();
  let come = 0;
  let cancel: Cancel = () => undefined;
  const look = (): void => {
    if (routeOptions.config.mayTakeLong === true && come >= fewest) return begin();
    if (answer.writableEnded) return void body.destroy();
    taken.destroy(
      new ProblemError(408, 'the body came too slowly; send it within a minute, a tape faster than 16 KiB a minute'),
    );
  };
  const begin = (): void => {
    come = 0;
    cancel = clock.wake(clock.now() + minute, look);
  };
  begin();
  body.on('data', ({ length }: Buffer) => (come += length));
  body.once('error', (error) => taken.destroy(error));
  for (const over of ['end', 'close']) body.once(over, () => cancel());
  body.pipe(taken);
  // What nobody wants any more is let go by, or the connection would be of no more use.
  const letGo = (): void => void body.unpipe(taken).resume();
  taken.once('close', letGo);
  answer.once('finish', letGo);
  // Whoever refuses the request unread does not listen.
  taken.on('error', () => undefined);
  return taken;
}
