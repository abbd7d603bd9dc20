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
/** Texts so short make a key of their bytes that a double holds: tickers, codes, lists of conditions. */
const shortText = 6;
/** Short texts are remembered in as many places as so many bits count. */
const placeBits = 12;
/** 2^32 over the golden ratio: a product with it spreads keys over its upper bits. */
const spread = 0x9e3779b1;

/**
 * The cells of one row of CSV after another, where they lie in the file's bytes: most are numbers, and those need no text. Rows with
 * doubled quotes, or with anything strange, are spelled out as text and read as `cellsOf` reads them.
 */
export class RowCells implements Cells {
  readonly #delimiter: number;
  readonly #separator: string;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #keys = new Float64Array(1 << placeBits);
  readonly #texts = Array.from(this.#keys, () => '');
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
  load(bytes: Buffer, ascii = isAscii(bytes)): void {
    this.#file = this.#bytes = bytes;
    this.#isAscii = this.#bytesAscii = ascii;
  }

  /** Moves to the row that begins at a byte; returns where the next one does. An empty row has no cells; an odd one has them after `spellOut`. */
  seek(from: number): number {
    const bytes = (this.#bytes = this.#file);
    this.#bytesAscii = this.#isAscii;
    const { length } = bytes;
    const starts = this.#starts;
    const ends = this.#ends;
    const delimiter = this.#delimiter;
    const gate = Math.max(delimiter, quote);
    let count = 0;
    let start = from;
    let at = from;
    let isOdd = false;
    let isClosed = false;
    for (; at < length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte > gate) continue;
      if (byte === delimiter) {
        starts[count] = start;
        ends[count++] = at;
        start = at + 1;
      } else if (byte === newline) break;
      else if (byte === 0) isOdd = true;
      else if (byte === quote && at === start) {
        const close = this.#closing(at + 1);
        if (close === undefined) {
          isOdd = true;
          continue;
        }
        starts[count] = at + 1;
        ends[count++] = close;
        at = close + 1;
        start = at + 1;
        isClosed = bytes[at] !== delimiter;
        if (isClosed) break;
      }
    }
    if (isClosed && bytes[at] === carriageReturn) at++;
    const end = at > from && bytes[at - 1] === carriageReturn ? at - 1 : at;
    if (!isClosed && end > from) {
      starts[count] = start;
      ends[count++] = Math.max(start, end);
    }
    this.#from = from;
    this.#to = at;
    this.#isOdd = isOdd;
    this.count = count;
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
    const from = this.#starts[cell] ?? 0;
    const to = this.#ends[cell] ?? 0;
    const bytes = this.#bytes;
    if (to - from > shortText || !this.#bytesAscii) {
      return bytes.toString(this.#bytesAscii ? 'latin1' : 'utf8', from, to);
    }
    let key = 0;
    for (let at = from; at < to; at++) key = key * 256 + (bytes[at] ?? 0);
    const place = Math.imul(key, spread) >>> (32 - placeBits);
    if (this.#keys[place] !== key) {
      this.#keys[place] = key;
      this.#texts[place] = bytes.toString('latin1', from, to);
    }
    return this.#texts[place] ?? '';
  }

  isEmpty(cell: number): boolean {
    return this.#starts[cell] === this.#ends[cell];
  }

  /** Digits with or without a decimal point, if they make exactly the double that `Number` makes of them; else `undefined`. */
  number(cell: number): number | undefined {
    const from = this.#starts[cell] ?? 0;
    const to = this.#ends[cell] ?? 0;
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
    const from = this.#starts[cell] ?? 0;
    const to = this.#ends[cell] ?? 0;
    if (to - from !== nanosDigits) return undefined;
    const lastOfSeconds = from + secondsDigits - 1;
    const high = this.#digits(from, lastOfSeconds);
    const low = this.#digits(lastOfSeconds, lastOfSeconds + 1);
    const rest = this.#digits(lastOfSeconds + 1, to);
    const seconds = high * 10 + low;
    if (high < 0 || low < 0 || rest < 0 || seconds > latestSeconds) return undefined;
    if (seconds !== this.#second) {
      this.#second = seconds;
      this.#secondNanos = BigInt(seconds) * 1_000_000_000n;
    }
    return this.#secondNanos + BigInt(rest);
  }

  /** The number of up to nine digits; -1 for anything else. */
  #digits(from: number, to: number): number {
    const bytes = this.#bytes;
    let value = 0;
    for (let at = from; at < to; at++) {
      const digit = (bytes[at] ?? 0) - zero;
      if (digit < 0 || digit > 9) return -1;
      value = (value * 10 + digit) | 0;
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
    const { length } = bytes;
    let at = from;
    let byte = 0;
    for (; at < length; at++) {
      byte = bytes[at] ?? 0;
      if (byte === quote || byte === newline || byte === 0) break;
    }
    if (byte !== quote || at >= length) return undefined;
    const next = bytes[at + 1];
    const ends = next === undefined || next === newline || next === this.#delimiter;
    const endsWithReturn = next === carriageReturn && (bytes[at + 2] ?? newline) === newline;
    return ends || endsWithReturn ? at : undefined;
  }
}
