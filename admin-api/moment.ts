import type { Run } from '../server/index.ts';
import { ProblemError } from './problem.ts';

const wayOut = 'use an instant with its zone, a time in New York such as 09:30, or open+5m';

/** The instant of the market that a text names; `field`: where in the request it stands. Throws a `ProblemError` when it names none. */
export function momentIn(run: Run, text: string, field: string): bigint {
  const at = run.instantOf(text);
  if (at !== undefined) return at;
  const fault = { field, message: 'no moment of the market', value: text.slice(0, 100), wayOut };
  throw new ProblemError(422, `${field}: ${fault.message}; ${wayOut}`, [fault]);
}
