import type { Nanos } from '../../../market/event.ts';
import { TapeError } from '../../sources/source.ts';
import { BadRow, type Cells } from './format.ts';

/** Reads one cell of every row. Throws a `BadRow` that names the column. */
export type Cell<Value> = (cells: Cells) => Value;

const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const digits = /^\d{1,19}$/;
const latest = 2n ** 63n - 1n;

/** The columns of one CSV file by name; case does not count. A cell is only absent when it is empty: `NA`, `NULL` and `nan` are tickers. */
export class Columns {
  readonly #header: readonly string[];
  readonly #path: string;

  constructor(header: readonly string[], path: string) {
    this.#header = header.map((name) => name.trim().toLowerCase());
    this.#path = path;
  }

  has(name: string): boolean {
    return this.#header.includes(name.toLowerCase());
  }

  text(name: string): Cell<string> {
    const at = this.#at(name);
    return (cells) => cells.text(at) || refuse(`${name} is empty`);
  }

  /** `undefined` for an empty cell, and in every row when the file has no such column. */
  maybeText(name: string): Cell<string | undefined> {
    if (!this.has(name)) return absent;
    const at = this.#at(name);
    return (cells) => cells.text(at) || undefined;
  }

  number(name: string): Cell<number> {
    const at = this.#at(name);
    return (cells) => cells.number(at) ?? numberOf(cells.text(at), name);
  }

  maybeNumber(name: string): Cell<number | undefined> {
    if (!this.has(name)) return absent;
    const at = this.#at(name);
    return (cells) => (cells.isEmpty(at) ? undefined : (cells.number(at) ?? numberOf(cells.text(at), name)));
  }

  /** A number that an empty cell, or a column that is not there, leaves at 0. */
  numberOrZero(name: string): Cell<number> {
    const cell = this.maybeNumber(name);
    return (cells) => cell(cells) ?? 0;
  }

  /** A size, a volume or a count: never less than nothing. */
  amount(name: string): Cell<number> {
    const at = this.#at(name);
    return (cells) => cells.number(at) ?? amountOf(cells.text(at), name);
  }

  /** The same where an empty cell, or a column that is not there, leaves it at 0. */
  amountOrZero(name: string): Cell<number> {
    if (!this.has(name)) return zero;
    const at = this.#at(name);
    return (cells) => (cells.isEmpty(at) ? 0 : (cells.number(at) ?? amountOf(cells.text(at), name)));
  }

  /** Nanoseconds since 1970, after it. */
  nanos(name: string): Cell<Nanos> {
    const at = this.#at(name);
    return (cells) =>
      cells.nanos(at) ?? nanosOf(cells.text(at), name) ?? refuse(`${name} is 0 or empty`, cells.text(at));
  }

  /** The same where empty and 0 say that it is not known. */
  maybeNanos(name: string): Cell<Nanos | undefined> {
    if (!this.has(name)) return absent;
    const at = this.#at(name);
    return (cells) => cells.nanos(at) ?? nanosOf(cells.text(at), name);
  }

  #at(name: string): number {
    const at = this.#header.indexOf(name.toLowerCase());
    if (at >= 0) return at;
    throw new TapeError(`${this.#path}:1: no column is called ${name}; the header has ${this.#header.join(', ')}`);
  }
}

/** A decimal number as people and machines write it. Throws a `BadRow`. */
export function numberOf(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || !decimal.test(text))
    refuse(text === '' ? `${name} is empty` : `${name} is no number`, text);
  return value;
}

/** A decimal number that is not negative. Throws a `BadRow`. */
function amountOf(text: string, name: string): number {
  return notNegative(numberOf(text, name), name);
}

/** The number itself. Throws a `BadRow` when it is negative. */
export function notNegative(value: number, name: string): number {
  return value < 0 ? refuse(`${name} is negative`, String(value)) : value;
}

/** Nanoseconds since 1970; `undefined` for 0 and for an empty text. Throws a `BadRow`. */
export function nanosOf(text: string, name: string): Nanos | undefined {
  if (text === '' || text === '0') return undefined;
  const value = digits.test(text) ? BigInt(text) : undefined;
  if (value === undefined || value > latest) return refuse(`${name} is no time in nanoseconds`, text);
  return value === 0n ? undefined : value;
}

export function refuse(reason: string, value = ''): never {
  throw new BadRow(reason, value);
}

const absent = (): undefined => undefined;
const zero = (): number => 0;
