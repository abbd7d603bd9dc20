import type { MarketEvent } from '../../../market/event.ts';
import type { Reading } from '../../sources/source.ts';

export type { Reading } from '../../sources/source.ts';

/** A row that cannot be read. Counted and reported by its `reason`, which says what is wrong in words that repeat; `value` is what was found. */
export class BadRow extends Error {
  override readonly name = 'BadRow';
  readonly reason: string;
  readonly value: string;

  constructor(reason: string, value = '') {
    super(`${reason}: ${value}`);
    this.reason = reason;
    this.value = value;
  }
}

/** The cells of a row, by their places. What is no plain number, or no time of our days, is left to its text. */
export interface Cells {
  text(cell: number): string;
  isEmpty(cell: number): boolean;
  number(cell: number): number | undefined;
  /** Nanoseconds since 1970. */
  nanos(cell: number): bigint | undefined;
}

/** Takes the events a row stands for, in their order. */
export type Emit = (event: MarketEvent) => void;

interface Named {
  /** What `--format` calls it. */
  readonly name: string;
  /** What it is and by what it is known, for people whose file is not. */
  readonly title: string;
}

/** Rows of cells below one header line. */
export interface CsvFormat extends Named {
  readonly shape: 'csv';
  /** Does a file with these column names, in lower case, belong here? */
  recognises(header: readonly string[], reading: Reading): boolean;
  /** Has such a file no header line? Its columns are then called #1, #2 and so on. */
  headless?(reading: Reading): boolean;
  /**
   * A reader for one file. `path` may tell what the header does not. Throws a `TapeError` when a column or an option is missing; the
   * reader throws a `BadRow`, before it emits anything of the row.
   */
  reader(header: readonly string[], reading: Reading, path: string): CsvReader;
}
export type CsvReader = (cells: Cells, emit: Emit) => void;

/** JSON documents one after another, each with any number of rows. */
export interface JsonFormat extends Named {
  readonly shape: 'json';
  recognises(document: unknown): boolean;
  /** Throws a `BadRow` for a document that is none of its kind. */
  reader(reading: Reading): JsonReader;
}
/** `reject` takes what is wrong with one row and where in the document it stands: `bars.AAPL[3]`. */
export type JsonReader = (
  document: unknown,
  emit: Emit,
  reject: (bad: BadRow, place: string, row: unknown) => void,
) => void;

/** One event a line. */
export interface LineFormat extends Named {
  readonly shape: 'lines';
  recognises(document: unknown): boolean;
  reader(path: string): (text: string, line: number) => MarketEvent;
}

/** A Parquet file; it has no lines, so a bad row is told by its number. */
export interface TableFormat extends Named {
  readonly shape: 'parquet';
  events(path: string, signal: AbortSignal): AsyncIterable<readonly (MarketEvent | BadRow)[]>;
}

export type Format = CsvFormat | JsonFormat | LineFormat | TableFormat;
