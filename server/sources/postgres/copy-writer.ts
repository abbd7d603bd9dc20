import { TapeError } from '../source.ts';

const epochMicros = 946_684_800_000_000n;
const textOid = 25;
const int4Oid = 23;

/** Writes PostgreSQL's binary COPY format into one growing buffer. (Format: PostgreSQL manual, COPY, "Binary Format".) */
export class CopyWriter {
  #bytes = Buffer.allocUnsafeSlow(1 << 20);
  #length = 0;

  constructor() {
    this.#begin();
  }

  get length(): number {
    return this.#length;
  }

  /** The finished COPY; the writer starts anew. */
  take(): Buffer {
    this.#room(2);
    this.#length = this.#bytes.writeInt16BE(-1, this.#length);
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    this.#begin();
    return taken;
  }

  row(cells: number): void {
    this.#room(2);
    this.#length = this.#bytes.writeInt16BE(cells, this.#length);
  }

  /** `timestamptz`; what is below a microsecond goes into a cell of its own. */
  instant(nanos: bigint | undefined): void {
    if (nanos === undefined) return this.#null();
    this.#head(8);
    const micros = (nanos - (((nanos % 1000n) + 1000n) % 1000n)) / 1000n;
    this.#length = this.#bytes.writeBigInt64BE(micros - epochMicros, this.#length);
  }

  int2(value: number): void {
    this.#head(2);
    this.#length = this.#bytes.writeInt16BE(value, this.#length);
  }

  int4(value: number | undefined): void {
    if (value === undefined) return this.#null();
    if (!Number.isInteger(value)) throw new TapeError(`${value} is no whole number, which its column needs`);
    this.#head(4);
    this.#length = this.#bytes.writeInt32BE(value, this.#length);
  }

  int8(value: bigint | number | undefined): void {
    if (value === undefined) return this.#null();
    this.#head(8);
    this.#length = this.#bytes.writeBigInt64BE(BigInt(value), this.#length);
  }

  float8(value: number | undefined): void {
    if (value === undefined) return this.#null();
    this.#head(8);
    this.#length = this.#bytes.writeDoubleBE(value, this.#length);
  }

  text(value: string | undefined): void {
    if (value === undefined) return this.#null();
    this.#room(4 + value.length * 3);
    const written = this.#bytes.write(value, this.#length + 4, 'utf8');
    this.#bytes.writeInt32BE(written, this.#length);
    this.#length += 4 + written;
  }

  json(value: string | undefined): void {
    if (value === undefined) return this.#null();
    this.text(`\u0001${value}`);
  }

  texts(values: readonly string[]): void {
    this.#list(values, textOid, (value) => this.text(value));
  }

  int4s(values: readonly number[]): void {
    this.#list(values, int4Oid, (value) => this.int4(value));
  }

  #list<Item>(items: readonly Item[], oid: number, write: (item: Item) => void): void {
    this.#room(24);
    const start = this.#length;
    this.#length += 4;
    const header = items.length === 0 ? [0, 0, oid] : [1, 0, oid, items.length, 1];
    for (const word of header) this.#length = this.#bytes.writeInt32BE(word, this.#length);
    for (const item of items) write(item);
    this.#bytes.writeInt32BE(this.#length - start - 4, start);
  }

  #begin(): void {
    this.#room(19);
    this.#length += this.#bytes.write('PGCOPY\n\u00ff\r\n\0', 0, 'latin1');
    this.#length = this.#bytes.fill(0, this.#length, this.#length + 8) && this.#length + 8;
  }

  #head(size: number): void {
    this.#room(4 + size);
    this.#length = this.#bytes.writeInt32BE(size, this.#length);
  }

  #null(): void {
    this.#room(4);
    this.#length = this.#bytes.writeInt32BE(-1, this.#length);
  }

  #room(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + size));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
