import type { Level, Nanos, Print } from '../../../market/event.ts';

/**
 * One event's fields as a tape file holds them, asked for by the numbers of its columns. Every question throws a
 * `TapeError` when the field is missing or of another kind; `maybe…` takes absence for an answer.
 */
export interface Row {
  text(field: number): string;
  maybeText(field: number): string | undefined;
  /** A text out of a closed list. */
  word<Word extends string>(field: number, words: readonly Word[]): Word;
  maybeWord<Word extends string>(field: number, words: readonly Word[]): Word | undefined;
  number(field: number): number;
  maybeNumber(field: number): number | undefined;
  nanos(field: number): Nanos;
  maybeNanos(field: number): Nanos | undefined;
  truth(field: number): boolean;
  maybeTruth(field: number): boolean | undefined;
  texts(field: number): readonly string[];
  numbers(field: number): readonly number[];
  maybeNumbers(field: number): readonly number[] | undefined;
  print(field: number): Print;
  levels(field: number): readonly Level[];
}
