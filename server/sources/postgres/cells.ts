import { TapeError } from '../source.ts';
import { errorAt, frameAt } from './copy-out.ts';
import { Familiar } from './familiar.ts';

const signature = 11;
// PostgreSQL counts microseconds from 2000-01-01.
const epochMicros = 946_684_800_000_000;
const epochSeconds = 946_684_800;
const none: readonly never[] = [];

/**
 * Reads the messages of a binary COPY in place: no object per row, no string that was met before made again. Feed it what comes off the
 * wire, ask `row()` until it says no, read the cells in order. The server sends one row a message. (PostgreSQL manual: COPY, "Binary
 * Format"; "Message Formats", CopyData.)
 */
export class Cells {
  /** Is the COPY over? */
  done = false;
  #bytes: Buffer = Buffer.alloc(0);
  #view = new DataView(this.#bytes.buffer, 0, 0);
  #at = 0;
  /** Where the message after the present row begins. */
  #next = 0;
  #begun = false;
  readonly #columns: number;
  readonly #familiar = new Familiar();
  // Kept, because a function made for every row would cost more than the row.
  readonly #text = (): string => this.text() ?? '';
  readonly #texts = (): readonly string[] => this.#list(this.#text);
  readonly #int4 = (): number => this.int4() ?? 0;
  // Rows come in order, so most share their second with the row before.
  #second = Number.NaN;
  #secondNanos = 0n;

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Adds bytes behind those not yet read. At most one unfinished message is kept. */
  feed(chunk: Buffer): void {
    const left = this.#bytes.length - this.#next;
    this.#bytes = left === 0 ? chunk : Buffer.concat([this.#bytes.subarray(this.#next), chunk]);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
    this.#next = 0;
  }

  /** Moves to the next row. False when it has not fully arrived, or when there are no more. Throws the server's error. */
  row(): boolean {
    for (;;) {
      const at = this.#next;
      const frame = frameAt(this.#view, at);
      if (frame === 'partial') return false;
      if (frame === 'error') throw errorAt(this.#bytes, at);
      if (frame === 'done') {
        this.done = true;
        return false;
      }
      this.#next = at + 1 + this.#view.getInt32(at + 1);
      if (frame === 'row' && this.#enter(at + 5)) return true;
    }
  }

  /** Is there a row at this place? There is none in the message that only opens or closes the COPY. */
  #enter(start: number): boolean {
    let at = start;
    if (!this.#begun) {
      this.#begun = true;
      at += signature + 8 + this.#view.getInt32(at + signature + 4);
      if (at >= this.#next) return false;
    }
    const cells = this.#view.getInt16(at);
    if (cells === -1) return false;
    if (cells !== this.#columns) {
      throw new TapeError(`COPY sent a row of ${cells} columns where ${this.#columns} were asked for`);
    }
    this.#at = at + 2;
    return true;
  }

  #length(): number {
    const length = this.#view.getInt32(this.#at);
    this.#at += 4;
    return length;
  }

  /** `timestamptz` and the `int2` of nanoseconds behind it; a NULL is an error, because nothing can be played without its time. */
  instant(): bigint {
    return this.#instant(true);
  }

  /** `timestamptz` in nanoseconds; a NULL is an error too. */
  micro(): bigint {
    return this.#instant(false);
  }

  #instant(withNanos: boolean): bigint {
    if (this.#length() !== 8) throw new TapeError('A row has no timestamp');
    const high = this.#view.getInt32(this.#at);
    if (high === 0x7fffffff || high === -0x80000000) throw new TapeError('A row has an infinite timestamp');
    const micros = high * 0x1_0000_0000 + this.#view.getUint32(this.#at + 4);
    this.#at += 8;
    const second = Math.floor(micros / 1e6);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondNanos = BigInt(second + epochSeconds) * 1_000_000_000n;
    }
    const below = (micros - second * 1e6) * 1000;
    return this.#secondNanos + BigInt(withNanos ? below + this.int2() : below);
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
    if (length === -1) return undefined;
    this.#at += length;
    return this.#familiar.text(this.#bytes, this.#view, this.#at - length, length);
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

  /** `text[]`; equal ones are the same array. */
  texts(): readonly string[] | undefined {
    const length = this.#length();
    if (length === -1) return undefined;
    const end = this.#at + length;
    const known = this.#familiar.list(this.#view, this.#at, length, this.#texts);
    this.#at = end;
    return known;
  }

  /** `integer[]`. */
  int4s(): readonly number[] | undefined {
    const length = this.#length();
    return length === -1 ? undefined : this.#list(this.#int4);
  }

  // Dimensions, has-nulls flag, element type; then for the one dimension its size and lower bound; then the elements.
  #list<Item>(item: () => Item): readonly Item[] {
    const dimensions = this.#view.getInt32(this.#at);
    if (dimensions === 0) {
      this.#at += 12;
      return none;
    }
    const count = this.#view.getInt32(this.#at + 12);
    this.#at += 20;
    const items: Item[] = [];
    for (let i = 0; i < count; i++) items.push(item());
    return items;
  }
}
