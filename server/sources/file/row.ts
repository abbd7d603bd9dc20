import type { Level, Nanos, Print } from '../../../market/event.ts';

/**
 * One event's fields as a tape file holds them, asked for by the names of market/event.ts. Every question throws a
 * `TapeError` when the field is missing or of another kind; `maybe…` takes absence for an answer.
 */
export interface Row {
  text(field: string): string;
  maybeText(field: string): string | undefined;
  /** A text out of a closed list. */
  word<Word extends string>(field: string, words: readonly Word[]): Word;
  maybeWord<Word extends string>(field: string, words: readonly Word[]): Word | undefined;
  number(field: string): number;
  maybeNumber(field: string): number | undefined;
  nanos(field: string): Nanos;
  maybeNanos(field: string): Nanos | undefined;
  truth(field: string): boolean;
  maybeTruth(field: string): boolean | undefined;
  texts(field: string): readonly string[];
  numbers(field: string): readonly number[];
  maybeNumbers(field: string): readonly number[] | undefined;
  print(field: string): Print;
  levels(field: string): readonly Level[];
}
