import type { z } from 'zod';
import type { Nanos } from '../../market/event.ts';
import type { Entry } from '../journal-entry.ts';
import type { Ledger } from '../ledger.ts';

export { duration, formatDuration } from '../../market/duration.ts';
export { Attendance, isContact, placeOf, type Absence, type Contact } from '../evidence/attendance.ts';
export { deedSchema, deedTest, DeedWatch, tellDeed, type Deed } from '../evidence/deeds.ts';
export { Offences } from '../evidence/offences.ts';
export { keyOfCells, rowsSchema, shapeOf, usualFields, type Columns, type RowShape } from '../evidence/row-key.ts';
export { count, spell } from '../evidence/spell.ts';
export { tallyOf, type RowTally } from '../evidence/row-tally.ts';
export type { Covered, Entry } from '../journal-entry.ts';
export type { Account, Ledger, Missed, Row } from '../ledger.ts';

/** What an expectation has found so far. */
export interface Finding {
  /** `open`: the client may still meet it. When the run is over that is as good as unmet: what should have happened has not. */
  readonly outcome: 'met' | 'unmet' | 'open';
  /** What should happen, in a sentence. */
  readonly expected: string;
  /** What was seen, in a sentence. */
  readonly seen: string;
  /** Numbers of the journal entries that show it. */
  readonly lines: readonly number[];
  /** While it is open: wall time from when on it may be decided although nothing more happens; absent when only what happens decides it. */
  readonly due?: Nanos;
}

/**
 * When an entry comes: while the expectation holds (`now`); before its step begins, when it only tells what is so by then; or after its
 * step has ended (`past`), when it counts as the answer to what came in time.
 */
export type When = 'before' | 'now' | 'past';

/** Watches a run for one thing that a client must do. It hears the entries of its target in their order. */
export interface Expectation {
  hear(entry: Entry, when: When): void;
  /** `now`: wall time, for what is late by now. `ledger`: once the run is over; what is read from it is open until then. */
  find(now: Nanos, ledger: Ledger | undefined): Finding | Promise<Finding>;
}

/** What an expectation may know of its run. */
export interface Scene {
  /** Wall time of a span as the scenario writes it: tape time, so that a faster tape shortens it. */
  readonly wall: (span: Nanos) => Nanos;
  /** Where relative file names start. */
  readonly directory: string;
  /** The step it comes after, or holds during; any when absent. */
  readonly step?: string;
  /** Ends work that takes long. */
  readonly signal: AbortSignal;
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
