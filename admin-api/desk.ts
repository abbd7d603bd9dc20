import type { Clock } from '../market/clock.ts';
import type { HostedRun, Log, Papertape } from '../server/index.ts';
import type { Limits } from './limits.ts';
import { notFound } from './problem.ts';

/** What every route works with. */
export interface Desk {
  readonly papertape: Papertape;
  readonly folders: Folders;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly limits: Limits;
  /** When the process came up. Wall time. */
  readonly started: bigint;
}

/** Where the API reads and writes files, and nowhere else. */
export interface Folders {
  /** Scenarios that were uploaded. */
  readonly scenarios: string;
  /** Tapes that were uploaded or generated, or lie there anyway. */
  readonly tapes: string;
  /** Tapes that come with the package; never written. */
  readonly readyTapes: string;
  /** The web page as it was built; the page says how to build it when absent, or when it was not. */
  readonly page?: string;
}

/** A run by its name. Throws a `ProblemError` when there is none. */
export function runOf({ papertape }: Desk, id: string): HostedRun {
  const hosted = papertape.runs.get(id);
  if (hosted !== undefined) return hosted;
  const names = [...papertape.runs].slice(0, 20).map((one) => one.id);
  throw notFound(`there is no run ${id}; there are ${names.join(', ')}`);
}
