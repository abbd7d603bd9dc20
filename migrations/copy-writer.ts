const epochMicros = 946_684_800_000_000n;
const textOid = 25;
const int4Oid = 23;
const firstSize = 1 << 18;
/** Longer texts are written by Buffer, whose call costs more than a short loop. */
const shortText = 32;

/** What stands before and after the rows of a binary COPY. (PostgreSQL manual: COPY, "Binary Format".) */
export const copyHeader: Uint8Array = Buffer.from('PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
export const copyTrailer: Uint8Array = Buffer.from([0xff, 0xff]);

/** Writes rows in PostgreSQL's binary COPY format into one growing buffer. Throws a `RangeError` at a value that PostgreSQL cannot hold. */
export class CopyWriter {
  #bytes = Buffer.allocUnsafeSlow(firstSize);
  #view = viewOf(this.#bytes);
  #length = 0;

  /** Bytes written since the last `take`. */
  get length(): number {
    return this.#length;
  }

  /** The rows written so far; the writer starts anew. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    // A little larger than the last one, since the next one will probably be like it.
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(firstSize, this.#length + (this.#length >> 3)));
    this.#view = viewOf(this.#bytes);
    this.#length = 0;
    return taken;
  }

  /** Takes back what was written beyond a former `length`. */
  rewind(length: number): void {
    this.#length = length;
  }

  row(cells: number): void {
    this.#room(2);
    this.#view.setInt16(this.#length, cells);
    this.#length += 2;
  }

  /** `timestamptz`; what is below a microsecond goes into a cell of its own. */
  instant(nanos: bigint | undefined): void {
    if (nanos === undefined) return this.nulls(1);
    const micros = (nanos - (((nanos % 1000n) + 1000n) % 1000n)) / 1000n;
    this.#head(8);
    this.#view.setBigInt64(this.#length, micros - epochMicros);
    this.#length += 8;
  }

  int2(value: number): void {
    this.#head(2);
    this.#view.setInt16(this.#length, value);
    this.#length += 2;
  }

  int4(value: number | undefined): void {
    if (value === undefined) return this.nulls(1);
    // Also what does not fit: the bitwise or keeps 32 bits.
    if ((value | 0) !== value) throw new RangeError(`${value} is no whole number of 32 bits, which its column needs`);
    this.#head(4);
    this.#view.setInt32(this.#length, value);
    this.#length += 4;
  }

  int8(value: bigint | number | undefined): void {
    if (value === undefined) return this.nulls(1);
    const whole = BigInt(value);
    if (BigInt.asIntN(64, whole) !== whole) throw new RangeError(`${whole} does not fit into 64 bits`);
    this.#head(8);
    this.#view.setBigInt64(this.#length, whole);
    this.#length += 8;
  }

  float8(value: number | undefined): void {
    if (value === undefined) return this.nulls(1);
    this.#head(8);
    this.#view.setFloat64(this.#length, value);
    this.#length += 8;
  }

  text(value: string | undefined): void {
    if (value === undefined) return this.nulls(1);
    this.#room(4 + value.length * 3);
    const start = this.#length + 4;
    const written = value.length <= shortText ? this.#ascii(value, start) : -1;
    const size = written === -1 ? this.#utf8(value, start) : written;
    this.#view.setInt32(this.#length, size);
    this.#length = start + size;
  }

  /** `jsonb`. */
  json(value: string | undefined): void {
    if (value === undefined) return this.nulls(1);
    this.text(`\u0001${value}`);
  }

  texts(values: readonly string[]): void {
    const start = this.#beginList(values.length, textOid);
    for (const value of values) this.text(value);
    this.#view.setInt32(start, this.#length - start - 4);
  }

  int4s(values: readonly number[]): void {
    const start = this.#beginList(values.length, int4Oid);
    for (const value of values) this.int4(value);
    this.#view.setInt32(start, this.#length - start - 4);
  }

  /** So many cells without a value. */
  nulls(count: number): void {
    this.#room(4 * count);
    for (let i = 0; i < count; i++, this.#length += 4) this.#view.setInt32(this.#length, -1);
  }

  /** Bytes written, or -1 when the text is not plain ASCII. */
  #ascii(value: string, start: number): number {
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code === 0 || code > 127) return -1;
      this.#bytes[start + i] = code;
    }
    return value.length;
  }

  #utf8(value: string, start: number): number {
    if (value.includes('\0')) throw new RangeError('a text with a NUL, which PostgreSQL cannot hold');
    return this.#bytes.write(value, start, 'utf8');
  }

  #beginList(items: number, oid: number): number {
    this.#room(24);
    const start = this.#length;
    this.#length += 4;
    const header = items === 0 ? [0, 0, oid] : [1, 0, oid, items, 1];
    for (const word of header) {
      this.#view.setInt32(this.#length, word);
      this.#length += 4;
    }
    return start;
  }

  #head(size: number): void {
    this.#room(4 + size);
    this.#view.setInt32(this.#length, size);
    this.#length += 4;
  }

  #room(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + size));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
    this.#view = viewOf(grown);
  }
}

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
