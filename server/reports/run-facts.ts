import type { Nanos } from '../../market/event.ts';
import type { Speed } from '../deck/deck-options.ts';
import type { Entry } from '../journal-entry.ts';
import type { Account } from '../ledger.ts';

/** What a report tells of a run beside its verdict. */
export interface RunFacts {
  /** Name of the scenario. */
  readonly scenario: string;
  readonly description?: string;
  readonly seed: number;
  /** What was played, in a few words or a file's name. */
  readonly tape: string;
  readonly speed: Speed;
  /** Wall time. */
  readonly started: Nanos;
  readonly ended: Nanos;
  /** Version of Papertape. */
  readonly version: string;
  /** How to run it again just so: `papertape run x.yaml --seed 7`. */
  readonly again?: string;
  /** The journal, as far as it is kept, oldest first. */
  readonly entries: readonly Entry[];
  /** How many entries there were. */
  readonly written: number;
  readonly accounts: readonly Account[];
  /** What could not be remembered of the run as a whole, in sentences without a full stop; absent as long as everything was. */
  readonly beyond?: readonly string[];
}

/** What every report says of its data. */
export const fake = 'Fake market data';
export const fakeBecause = 'Everything in this run was played by Papertape. Nothing here was traded.';
export const notice = `${fake}. ${fakeBecause}`;
