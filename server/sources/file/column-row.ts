import type { DuckDBDataChunk, DuckDBValue, DuckDBVector } from '@duckdb/node-api';
import type { Level, Nanos, Print } from '../../../market/event.ts';
import { TapeError } from '../source.ts';
import { columns } from './columns.ts';
import type { Row } from './row.ts';

/** Distinct lists and structs remembered in parsed form; conditions are a few dozen, books are all different. */
const rememberedTexts = 4096;
const everyColumn = Object.keys(columns);

/** The rows of a Parquet tape, chunk by chunk; a column is fetched from a chunk when the first row asks for it. */
export class ColumnRow implements Row {
  readonly #path: string;
  readonly #positions: ReadonlyMap<string, number>;
  readonly #texts = new Map<string, readonly string[]>();
  readonly #numbers = new Map<string, readonly number[]>();
  readonly #prints = new Map<string, Print>();
  readonly #levels = new Map<string, readonly Level[]>();
  #chunk: DuckDBDataChunk | undefined;
  #vectors: (DuckDBVector | undefined)[] = [];
  #index = 0;

  /** `empty` columns hold nothing in any row, so they are never looked into. */
  constructor(path: string, empty: ReadonlySet<string>) {
    this.#path = path;
    this.#positions = new Map(everyColumn.flatMap((column, index) => (empty.has(column) ? [] : [[column, index]])));
  }

  /** Makes the rows of this chunk the ones asked about. */
  load(chunk: DuckDBDataChunk): void {
    this.#chunk = chunk;
    this.#vectors = Array.from({ length: everyColumn.length }, () => undefined);
  }

  /** Moves to a row of the chunk. */
  seek(index: number): this {
    this.#index = index;
    return this;
  }

  text(field: string): string {
    return this.maybeText(field) ?? this.#fail(field, undefined);
  }

  maybeText(field: string): string | undefined {
    const value = this.#value(field);
    return value === undefined || typeof value === 'string' ? value : this.#fail(field, value);
  }

  word<Word extends string>(field: string, words: readonly Word[]): Word {
    return this.maybeWord(field, words) ?? this.#fail(field, undefined);
  }

  maybeWord<Word extends string>(field: string, words: readonly Word[]): Word | undefined {
    const value = this.#value(field);
    if (value === undefined) return undefined;
    for (const word of words) if (word === value) return word;
    return this.#fail(field, value);
  }

  number(field: string): number {
    return this.maybeNumber(field) ?? this.#fail(field, undefined);
  }

  maybeNumber(field: string): number | undefined {
    const value = this.#value(field);
    return value === undefined || typeof value === 'number' ? value : this.#fail(field, value);
  }

  nanos(field: string): Nanos {
    return this.maybeNanos(field) ?? this.#fail(field, undefined);
  }

  maybeNanos(field: string): Nanos | undefined {
    const value = this.#value(field);
    return value === undefined || typeof value === 'bigint' ? value : this.#fail(field, value);
  }

  truth(field: string): boolean {
    return this.maybeTruth(field) ?? this.#fail(field, undefined);
  }

  maybeTruth(field: string): boolean | undefined {
    const value = this.#value(field);
    return value === undefined || typeof value === 'boolean' ? value : this.#fail(field, value);
  }

  texts(field: string): readonly string[] {
    return this.#nested(field, this.#texts);
  }

  numbers(field: string): readonly number[] {
    return this.#nested(field, this.#numbers);
  }

  maybeNumbers(field: string): readonly number[] | undefined {
    return this.#value(field) === undefined ? undefined : this.numbers(field);
  }

  print(field: string): Print {
    return this.#nested(field, this.#prints);
  }

  levels(field: string): readonly Level[] {
    return this.#nested(field, this.#levels);
  }

  #value(field: string): DuckDBValue | undefined {
    const position = this.#positions.get(field);
    if (position === undefined) return undefined;
    const vector = (this.#vectors[position] ??= this.#chunk?.getColumnVector(position));
    return vector?.getItem(this.#index) ?? undefined;
  }

  /** The SQL has cast the column to its type, so its JSON has the shape by construction. */
  #nested<Shape>(field: string, parsed: Map<string, Shape>): Shape {
    const text = this.text(field);
    const known = parsed.get(text);
    if (known !== undefined) return known;
    const value: Shape = JSON.parse(text);
    if (parsed.size >= rememberedTexts) parsed.clear();
    parsed.set(text, value);
    return value;
  }

  #fail(field: string, value: DuckDBValue | undefined): never {
    const kind = String(this.#value('kind'));
    const found = value === undefined ? 'missing' : String(value);
    throw new TapeError(
      `${this.#path}: ${kind} of ${String(this.#value('symbol'))} at ${String(this.#value('at'))}: ${field}: ${found}; ` +
        `correct the row where the tape was made, or generate another with 'papertape tape generate'`,
    );
  }
}
