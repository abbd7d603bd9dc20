import type { FastifyReply } from 'fastify';
import type { Clock } from '../market/clock.ts';
import { type Nanos } from '../market/event.ts';
import { minute } from '../market/nanos.ts';
import { ProblemError } from './problem.ts';

/** How long work may take that somebody waits for, when it is not told otherwise. Wall time. */
const patience: Nanos = 2n * minute;

export interface Asked extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * Aborts long work when whoever asked for it has gone, or when it takes too long, which nothing does for `as-long-as-it-takes`; the reason
 * is a `ProblemError`.
 */
export function whileAsked(
  { raw }: Pick<FastifyReply, 'raw'>,
  clock: Clock,
  limit: Nanos | 'as-long-as-it-takes' = patience,
): Asked {
  const stop = new AbortController();
  const gone = (): void => {
    if (!raw.writableFinished) stop.abort(new ProblemError(499, 'whoever asked has gone'));
  };
  raw.once('close', gone);
  const late = new ProblemError(503, 'this takes too long; ask for less, or try again when the machine is idle');
  const cancel =
    limit === 'as-long-as-it-takes' ? (): void => undefined : clock.wake(clock.now() + limit, () => stop.abort(late));
  return {
    signal: stop.signal,
    [Symbol.dispose]: () => {
      cancel();
      raw.off('close', gone);
    },
  };
}
