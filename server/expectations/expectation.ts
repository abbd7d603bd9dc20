import type { z } from 'zod';
import type { Nanos } from '../../market/event.ts';
import type { Entry } from '../journal-entry.ts';
import type { Ledger } from '../ledger.ts';

export { duration, formatDuration } from '../../market/duration.ts';
export type { Covered, Entry } from '../journal-entry.ts';
export type { Account, Ledger, Row } from '../ledger.ts';

/** What an expectation has found so far. */
export interface Finding {
  /** `open`: the client may still meet it; at the end of a run that is as good as unmet, where something was to happen at all. */
  readonly outcome: 'met' | 'unmet' | 'open';
  /** What should happen, in a sentence. */
  readonly expected: string;
  /** What was seen, in a sentence. */
  readonly seen: string;
  /** Numbers of the journal entries that show it. */
  readonly lines: readonly number[];
}

/** Watches a run for one thing that a client must do. It hears the entries of its target, from its step's beginning on, in their order. */
export interface Expectation {
  hear(entry: Entry): void;
  /** `now`: wall time, for what is late by now. Reads the ledger only when the run is over. */
  find(now: Nanos, ledger: Ledger): Finding | Promise<Finding>;
}

/** What an expectation may know of its run. */
export interface Scene {
  /** Wall time of a span as the scenario writes it: tape time, so that a faster tape shortens it. */
  wall(span: Nanos): Nanos;
  /** Where relative file names start. */
  readonly directory: string;
}

/** How a scenario names an expectation (`must: { <name>: options }`). */
export interface ExpectationKind<Options extends z.ZodType = z.ZodType> {
  readonly options: Options;
  /** One sentence, without a full stop: `the client reconnects within 5s`. */
  explain(options: z.output<Options>): string;
  open(options: z.output<Options>, scene: Scene): Expectation;
}

/** Lets an expectation's file write its options once; `open` gets their type. */
export const expectationKind = <Options extends z.ZodType>(kind: ExpectationKind<Options>): ExpectationKind<Options> =>
  kind;
