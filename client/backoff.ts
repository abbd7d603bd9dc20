import type { Nanos } from '../market/event.ts';
import type { Patience } from './backoff-settings.ts';

/** The same wait, longer by chance: `draw` in [0, 1) decides how much. */
const stretched = (span: number, draw: number, jitter: number): number => span * (1 + jitter * draw);

/**
 * How long to wait after so many failures in a row (0: the first). Who is told to wait (Retry-After) waits so long at least, and a part of
 * its own wait on top, by chance: all clients are told the same.
 */
export function delayAfter(failures: number, draw: number, patience: Patience, told: Nanos = 0n): Nanos {
  const { base, factor, cap, floor, jitter, longestTold } = patience;
  // Above the cap, where a number holds each nanosecond no longer, nobody counts them.
  const own = Math.min(Number(base) * factor ** failures, Number(cap));
  const asked = told < longestTold ? told : longestTold;
  const chosen = BigInt(Math.round(stretched(own, draw, jitter)));
  const obeyed = asked > 0n ? asked + BigInt(Math.round(own * jitter * draw)) : 0n;
  return [chosen, obeyed, floor].reduce((longest, span) => (span > longest ? span : longest));
}
