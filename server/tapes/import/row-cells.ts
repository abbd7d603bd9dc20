import { isAscii } from 'node:buffer';
import { cellsOf } from './cells.ts';
import type { Cells } from './format.ts';
import { withoutReturn } from './lines.ts';

const [newline, carriageReturn, quote, zero, nine, dot] = [0x0a, 0x0d, 0x22, 0x30, 0x39, 0x2e];
/** So many digits always make a whole number that a double holds. */
const exactDigits = 15;
const tens = Float64Array.from({ length: exactDigits + 1 }, (_, power) => 10 ** power);
/** Digits of nanoseconds since 1970 from 2001 to 2262, and of the seconds in them. */
const [nanosDigits, secondsDigits] = [19, 10];
/** Seconds up to here, with any nanoseconds, are on a tape. */
const latestSeconds = 9_223_372_035;
/** Texts so short are remembered by their bytes, as one number: tickers, codes, lists of conditions. */
const shortText = 6;
const rememberedTexts = 4096;

/**
 * The cells of one row of CSV after another, where they lie in the file's bytes: most are numbers, and those need no text. Rows with
 * doubled quotes, or with anything strange, are spelled out as text and read as `cellsOf` reads them.
 */
export class RowCells implements Cells {
  readonly #delimiter: number;
  readonly #separator: string;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #texts = new Map<number, string>();
  #file: Buffer = Buffer.alloc(0);
  #isAscii = true;
  #from = 0;
  #to = 0;
  #isOdd = false;
  /** Where the cells lie: in the file, or spelled out. */
  #bytes: Buffer = this.#file;
  #bytesAscii = true;
  #second = -1;
  #secondNanos = 0n;
  /** Cells of the row. */
  count = 0;

  /** `most`: cells of an ordinary row. */
  constructor(delimiter: string, most: number) {
    this.#separator = delimiter;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#starts = new Int32Array(most);
    this.#ends = new Int32Array(most);
  }

  /** Makes these lines the ones that are read. */
  load(bytes: Buffer): void {
    this.#file = this.#bytes = bytes;
    this.#isAscii = this.#bytesAscii = isAscii(bytes);
  }

  /** Moves to the row that begins at a byte; returns where the next one does. An empty row has no cells; an odd one has them after `spellOut`. */
  seek(from: number): number {
    const bytes = (this.#bytes = this.#file);
    this.#bytesAscii = this.#isAscii;
    const { length } = bytes;
    const delimiter = this.#delimiter;
    const gate = Math.max(delimiter, quote);
    this.#from = from;
    this.#isOdd = false;
    this.count = 0;
    let start = from;
    let at = from;
    let isClosed = false;
    for (; at < length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte > gate) continue;
      if (byte === delimiter) {
        this.#push(start, at);
        start = at + 1;
      } else if (byte === newline) break;
      else if (byte === 0) this.#isOdd = true;
      else if (byte === quote && at === start) {
        const close = this.#closing(at + 1);
        if (close === undefined) {
          this.#isOdd = true;
          continue;
        }
        this.#push(at + 1, close);
        at = close + 1;
        start = at + 1;
        isClosed = bytes[at] !== delimiter;
        if (isClosed) break;
      }
    }
    if (isClosed && bytes[at] === carriageReturn) at++;
    this.#to = at;
    const end = at > from && bytes[at - 1] === carriageReturn ? at - 1 : at;
    if (!isClosed && end > from) this.#push(start, Math.max(start, end));
    return at + 1;
  }

  /** Has this row to be spelled out before its cells are read? */
  get isOdd(): boolean {
    return this.#isOdd;
  }

  /** The whole row. */
  get row(): string {
    return withoutReturn(this.#file.toString('utf8', this.#from, this.#to));
  }

  /** Reads an odd row from its text. Throws a `BadRow` for quotes that nobody can read. */
  spellOut(): void {
    this.count = 0;
    const texts = cellsOf(this.row, this.#separator);
    this.#bytes = Buffer.from(texts.join(''));
    this.#bytesAscii = isAscii(this.#bytes);
    let at = 0;
    for (const text of texts) this.#push(at, (at += Buffer.byteLength(text)));
  }

  text(cell: number): string {
    const [from, to] = [this.#starts[cell] ?? 0, this.#ends[cell] ?? 0];
    const bytes = this.#bytes;
    if (to - from > shortText || !this.#bytesAscii) {
      return bytes.toString(this.#bytesAscii ? 'latin1' : 'utf8', from, to);
    }
    let key = 0;
    for (let at = from; at < to; at++) key = key * 256 + (bytes[at] ?? 0);
    let text = this.#texts.get(key);
    if (text === undefined) {
      if (this.#texts.size >= rememberedTexts) this.#texts.clear();
      this.#texts.set(key, (text = bytes.toString('latin1', from, to)));
    }
    return text;
  }

  isEmpty(cell: number): boolean {
    return this.#starts[cell] === this.#ends[cell];
  }

  /** Digits with or without a decimal point, if they make exactly the double that `Number` makes of them; else `undefined`. */
  number(cell: number): number | undefined {
    const [from, to] = [this.#starts[cell] ?? 0, this.#ends[cell] ?? 0];
    const bytes = this.#bytes;
    let whole = 0;
    let digits = 0;
    let point = to;
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0;
      if (byte >= zero && byte <= nine) {
        whole = whole * 10 + (byte - zero);
        digits++;
      } else if (byte === dot && point === to) point = at;
      else return undefined;
    }
    if (digits === 0 || digits > exactDigits) return undefined;
    // Both are exact, so their quotient is the nearest double, as it is by definition of the text's.
    return point === to ? whole : whole / (tens[to - 1 - point] ?? NaN);
  }

  /** Nanoseconds since 1970 between 2001 and 2262; `undefined` for whatever else stands there. */
  nanos(cell: number): bigint | undefined {
    const [from, to] = [this.#starts[cell] ?? 0, this.#ends[cell] ?? 0];
    if (to - from !== nanosDigits) return undefined;
    const seconds = this.#digits(from, from + secondsDigits);
    const rest = this.#digits(from + secondsDigits, to);
    if (!(seconds <= latestSeconds) || Number.isNaN(rest)) return undefined;
    if (seconds !== this.#second) {
      this.#second = seconds;
      this.#secondNanos = BigInt(seconds) * 1_000_000_000n;
    }
    return this.#secondNanos + BigInt(rest);
  }

  #digits(from: number, to: number): number {
    let value = 0;
    for (let at = from; at < to; at++) {
      const digit = (this.#bytes[at] ?? 0) - zero;
      if (digit < 0 || digit > 9) return NaN;
      value = value * 10 + digit;
    }
    return value;
  }

  #push(from: number, to: number): void {
    this.#starts[this.count] = from;
    this.#ends[this.count] = to;
    this.count++;
  }

  /** Where a quoted cell without quotes in it closes; `undefined` when it is of another kind. */
  #closing(from: number): number | undefined {
    const bytes = this.#file;
    let at = from;
    while (at < bytes.length && bytes[at] !== quote && bytes[at] !== newline && bytes[at] !== 0) at++;
    if (bytes[at] !== quote) return undefined;
    const next = bytes[at + 1];
    const ends = next === undefined || next === newline || next === this.#delimiter;
    const endsWithReturn = next === carriageReturn && (bytes[at + 2] ?? newline) === newline;
    return ends || endsWithReturn ? at : undefined;
  }
}
