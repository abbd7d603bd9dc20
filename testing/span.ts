import { formatDuration, parseDuration } from '../market/duration.ts';
import type { Nanos } from '../market/event.ts';
import { milli } from '../market/nanos.ts';

/** A time in a test: `'5s'`, `'250ms'`, or a number of milliseconds. */
export type Span = string | number;

/** Nanoseconds of a span. Throws a RangeError for what is none. */
export function nanosOf(span: Span): Nanos {
  const nanos = typeof span === 'string' ? parseDuration(span) : whole(span);
  if (nanos !== undefined) return nanos;
  throw new RangeError(
    `${typeof span === 'string' ? JSON.stringify(span) : String(span)} is no time; use one such as '5s' or '250ms', or a number of milliseconds`,
  );
}

/** The span as a scenario spells it. */
export const textOf = (span: Span): string => formatDuration(nanosOf(span));

function whole(millis: number): Nanos | undefined {
  return Number.isFinite(millis) && millis >= 0 ? BigInt(Math.round(millis * Number(milli))) : undefined;
}
