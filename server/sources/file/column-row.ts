import {
  DuckDBBigIntVector,
  DuckDBDoubleVector,
  type DuckDBDataChunk,
  type DuckDBValue,
  type DuckDBVector,
} from '@duckdb/node-api';
import type { Level, Nanos, Print } from '../../../market/event.ts';
import { TapeError } from '../source.ts';
import { field, fieldNames } from './columns.ts';
import type { Row } from './row.ts';

/** Distinct lists and structs remembered in parsed form; conditions are a few dozen, books are all different. */
const rememberedTexts = 4096;

/**
 * What stands in a column where a kind has no such field. Not NULL: DuckDB's vectors answer several times faster when they have none. The
 * text is a character of private use, alone.
 */
export const absent = { nanos: -(2n ** 63n), text: '\uE000' };

/** The rows of a Parquet tape, chunk by chunk. */
export class ColumnRow implements Row {
  readonly #path: string;
  /** Which field each column of a chunk is. */
  readonly #fields: readonly number[];
  readonly #lists = new Map<string, readonly string[]>();
  readonly #numbers = new Map<string, readonly number[]>();
  readonly #prints = new Map<string, Print>();
  readonly #levels = new Map<string, readonly Level[]>();
  // By the type of the column: V8 reads fastest where it always meets the same class. Absent where no row has the field.
  readonly #doubles: (DuckDBDoubleVector | undefined)[] = fieldNames.map(() => undefined);
  readonly #bigints: (DuckDBBigIntVector | undefined)[] = fieldNames.map(() => undefined);
  readonly #others: (DuckDBVector | undefined)[] = fieldNames.map(() => undefined);
  /** What every row says. */
  readonly #constants: readonly (string | undefined)[];
  #index = 0;

  /** `held`: the columns of the chunks, in their order. All others are absent from every row, unless all rows have the same there. */
  constructor(path: string, held: readonly string[], constants: ReadonlyMap<string, string>) {
    this.#path = path;
    this.#fields = held.map((name) => fieldNames.indexOf(name));
    this.#constants = fieldNames.map((name) => constants.get(name));
  }

  /** Makes the rows of this chunk the ones asked about. */
  load(chunk: DuckDBDataChunk): void {
    for (const [column, number] of this.#fields.entries()) {
      const vector = chunk.getColumnVector(column);
      if (vector instanceof DuckDBDoubleVector) this.#doubles[number] = vector;
      else if (vector instanceof DuckDBBigIntVector) this.#bigints[number] = vector;
      else this.#others[number] = vector;
    }
  }

  /** Moves to a row of the chunk. */
  seek(index: number): this {
    this.#index = index;
    return this;
  }

  text(asked: number): string {
    return this.maybeText(asked) ?? this.#fail(asked);
  }

  maybeText(asked: number): string | undefined {
    const constant = this.#constants[asked];
    if (constant !== undefined) return constant;
    const number = this.maybeNanos(asked);
    if (number !== undefined) return String(number);
    const value = this.#others[asked]?.getItem(this.#index);
    if (value === absent.text || value === undefined) return undefined;
    return typeof value === 'string' ? value : this.#fail(asked);
  }

  word<Word extends string>(asked: number, words: readonly Word[]): Word {
    return this.maybeWord(asked, words) ?? this.#fail(asked);
  }

  maybeWord<Word extends string>(asked: number, words: readonly Word[]): Word | undefined {
    const value = this.maybeText(asked);
    if (value === undefined) return undefined;
    for (const word of words) if (word === value) return word;
    return this.#fail(asked);
  }

  number(asked: number): number {
    return this.maybeNumber(asked) ?? this.#fail(asked);
  }

  maybeNumber(asked: number): number | undefined {
    const value = this.#doubles[asked]?.getItem(this.#index) ?? NaN;
    return Number.isNaN(value) ? undefined : value;
  }

  nanos(asked: number): Nanos {
    return this.maybeNanos(asked) ?? this.#fail(asked);
  }

  maybeNanos(asked: number): Nanos | undefined {
    const value = this.#bigints[asked]?.getItem(this.#index) ?? absent.nanos;
    return value === absent.nanos ? undefined : value;
  }

  truth(asked: number): boolean {
    return this.maybeTruth(asked) ?? this.#fail(asked);
  }

  maybeTruth(asked: number): boolean | undefined {
    const value = this.#others[asked]?.getItem(this.#index) ?? undefined;
    return value === undefined || typeof value === 'boolean' ? value : this.#fail(asked);
  }

  texts(asked: number): readonly string[] {
    return this.#nested(asked, this.#lists);
  }

  numbers(asked: number): readonly number[] {
    return this.#nested(asked, this.#numbers);
  }

  maybeNumbers(asked: number): readonly number[] | undefined {
    return this.maybeText(asked) === undefined ? undefined : this.numbers(asked);
  }

  print(asked: number): Print {
    return this.#nested(asked, this.#prints);
  }

  levels(asked: number): readonly Level[] {
    return this.#nested(asked, this.#levels);
  }

  /** The SQL has cast the column to its type, so its JSON has the shape by construction. */
  #nested<Shape>(asked: number, parsed: Map<string, Shape>): Shape {
    const text = this.text(asked);
    const known = parsed.get(text);
    if (known !== undefined) return known;
    const value: Shape = JSON.parse(text);
    if (parsed.size >= rememberedTexts) parsed.clear();
    parsed.set(text, value);
    return value;
  }

  /** The value as it stands in the file, for an error. */
  #shown(asked: number): string {
    const vectors = [this.#doubles[asked], this.#bigints[asked], this.#others[asked]];
    const [vector] = vectors.filter((one) => one !== undefined);
    const value: DuckDBValue | undefined = this.#constants[asked] ?? vector?.getItem(this.#index);
    const none = value === undefined || value === absent.text || value === absent.nanos || Number.isNaN(value);
    return none ? 'missing' : String(value);
  }

  #fail(asked: number): never {
    const [kind, symbol, at] = [field.kind, field.symbol, field.at].map((one) => this.#shown(one));
    throw new TapeError(
      `${this.#path}: ${kind} of ${symbol} at ${at}: ${fieldNames[asked]}: ${this.#shown(asked)}; ` +
        `correct the row where the tape was made, or generate another with 'papertape tape generate'`,
    );
  }
}
