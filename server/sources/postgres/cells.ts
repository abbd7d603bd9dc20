import { TapeError } from '../source.ts';

const signature = 11;
// PostgreSQL counts microseconds from 2000-01-01.
const epoch = 946_684_800_000_000_000n;
const epochMicros = 946_684_800_000_000;
const slots = 4096;

/**
 * Reads PostgreSQL's binary COPY format in place: no object per row, no string that was met before made again.
 * (Format: PostgreSQL manual, COPY, "Binary Format".) Feed it chunks, ask `row()` until it says no, read the cells in order.
 */
export class Cells {
  #bytes: Buffer = Buffer.alloc(0);
  #view = new DataView(this.#bytes.buffer, 0, 0);
  #at = 0;
  #begun = false;
  #columns: number;
  // Symbols, codes and names come again and again, so each distinct text is decoded once.
  readonly #texts: (string | undefined)[] = Array.from({ length: slots }, () => undefined);

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Adds bytes behind those not yet read. At most one unfinished row is copied. */
  feed(chunk: Buffer): void {
    const left = this.#bytes.length - this.#at;
    this.#bytes = left === 0 ? chunk : Buffer.concat([this.#bytes.subarray(this.#at), chunk]);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
    this.#at = 0;
  }

  /** Moves to the next row. False when it has not fully arrived, or when there are no more. */
  row(): boolean {
    if (!this.#begun && !this.#begin()) return false;
    const view = this.#view;
    const { byteLength } = view;
    if (this.#at + 2 > byteLength) return false;
    const cells = view.getInt16(this.#at);
    if (cells === -1) return false;
    if (cells !== this.#columns) {
      throw new TapeError(`COPY sent a row of ${cells} columns where ${this.#columns} were asked for`);
    }
    let end = this.#at + 2;
    for (let cell = 0; cell < cells; cell++) {
      if (end + 4 > byteLength) return false;
      const length = view.getInt32(end);
      end += length > 0 ? length + 4 : 4;
    }
    if (end > byteLength) return false;
    this.#at += 2;
    return true;
  }

  #begin(): boolean {
    if (this.#bytes.length < signature + 8) return false;
    this.#at = signature + 8 + this.#view.getInt32(signature + 4);
    this.#begun = true;
    return true;
  }

  #length(): number {
    const length = this.#view.getInt32(this.#at);
    this.#at += 4;
    return length;
  }

  /** `timestamptz` in nanoseconds; a NULL is an error, because nothing can be played without its time. */
  instant(): bigint {
    if (this.#length() !== 8) throw new TapeError('A row has no timestamp');
    const high = this.#view.getInt32(this.#at);
    if (high === 0x7fffffff || high === -0x80000000) throw new TapeError('A row has an infinite timestamp');
    const micros = high * 0x1_0000_0000 + this.#view.getUint32(this.#at + 4);
    this.#at += 8;
    return BigInt(micros) * 1000n + epoch;
  }

  /** `timestamptz` or `timestamp` in microseconds since 1970; `undefined` when it is NULL or infinite. */
  micros(): number | undefined {
    const length = this.#length();
    if (length !== 8) return undefined;
    const high = this.#view.getInt32(this.#at);
    this.#at += 8;
    if (high === 0x7fffffff || high === -0x80000000) return undefined;
    return high * 0x1_0000_0000 + this.#view.getUint32(this.#at - 4) + epochMicros;
  }

  int2(): number {
    if (this.#length() !== 2) return 0;
    this.#at += 2;
    return this.#view.getInt16(this.#at - 2);
  }

  int4(): number | undefined {
    if (this.#length() === -1) return undefined;
    this.#at += 4;
    return this.#view.getInt32(this.#at - 4);
  }

  int8(): bigint | undefined {
    if (this.#length() === -1) return undefined;
    this.#at += 8;
    return this.#view.getBigInt64(this.#at - 8);
  }

  float8(): number | undefined {
    if (this.#length() === -1) return undefined;
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8);
  }

  /** A text that is likely to come again. */
  text(): string | undefined {
    const length = this.#length();
    return length === -1 ? undefined : this.#familiar(length);
  }

  /** A text that is likely to come once: an id. */
  rareText(): string | undefined {
    const length = this.#length();
    if (length === -1) return undefined;
    this.#at += length;
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }

  /** `jsonb`, as its text. */
  json(): string | undefined {
    const length = this.#length();
    if (length === -1) return undefined;
    this.#at += length;
    // The first byte is the format's version, 1.
    return this.#bytes.toString('utf8', this.#at - length + 1, this.#at);
  }

  /** `text[]`. */
  texts(): string[] | undefined {
    return this.#list(() => this.text() ?? '');
  }

  /** `integer[]`. */
  int4s(): number[] | undefined {
    return this.#list(() => this.int4() ?? 0);
  }

  // Dimensions, has-nulls flag, element type; then for the one dimension its size and lower bound; then the elements.
  #list<Item>(item: () => Item): Item[] | undefined {
    const length = this.#length();
    if (length === -1) return undefined;
    const dimensions = this.#view.getInt32(this.#at);
    const count = dimensions === 0 ? 0 : this.#view.getInt32(this.#at + 12);
    this.#at += dimensions === 0 ? 12 : 20;
    const items: Item[] = [];
    for (let i = 0; i < count; i++) items.push(item());
    return items;
  }

  #familiar(length: number): string {
    const bytes = this.#bytes;
    const from = this.#at;
    this.#at += length;
    let hash = length;
    for (let i = from; i < this.#at; i++) hash = (hash * 31 + (bytes[i] ?? 0)) | 0;
    const slot = hash & (slots - 1);
    const known = this.#texts[slot];
    if (known !== undefined && known.length === length) {
      let same = 0;
      while (same < length && known.charCodeAt(same) === bytes[from + same]) same++;
      if (same === length) return known;
    }
    const text = bytes.toString('utf8', from, this.#at);
    this.#texts[slot] = text;
    return text;
  }
}
