import type { Nanos } from '../market/event.ts';

const second = 1_000_000_000n;
const digits = 0x30;

/**
 * Writes wire text and numbers straight into one growing Buffer. The hot path of every exchange: an event becomes
 * bytes once, without a string, an object or a Date in between.
 */
export class ByteWriter {
  bytes: Buffer;
  length = 0;
  // RFC 3339 text of the second written last, because neighbouring events share it.
  #second = -1n;
  readonly #secondText = Buffer.alloc(20);

  constructor(capacity = 1 << 16) {
    this.bytes = Buffer.allocUnsafe(capacity);
  }

  /** Makes room for `count` more bytes. Writers of variable size call it; everything below does. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + count));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  u16(value: number): void {
    this.reserve(2);
    this.length = this.bytes.writeUInt16BE(value, this.length);
  }

  u32(value: number): void {
    this.reserve(4);
    this.length = this.bytes.writeUInt32BE(value, this.length);
  }

  u64(value: bigint): void {
    this.reserve(8);
    this.length = this.bytes.writeBigUInt64BE(value, this.length);
  }

  f64(value: number): void {
    this.reserve(8);
    this.length = this.bytes.writeDoubleBE(value, this.length);
  }

  /** Bytes made before. A loop, because calling into the runtime costs more than a short copy. */
  copy(source: Uint8Array): void {
    const { length } = source;
    this.reserve(length);
    const { bytes } = this;
    let at = this.length;
    if (length > 64) bytes.set(source, at);
    else for (let i = 0; i < length; i++) bytes[at++] = source[i] ?? 0;
    this.length += length;
  }

  /** Part of other bytes. */
  range(source: Buffer, start: number, end: number): void {
    this.reserve(end - start);
    this.length += source.copy(this.bytes, this.length, start, end);
  }

  /** Text known to be ASCII: names, codes, digits. */
  ascii(text: string): void {
    const { length } = text;
    this.reserve(length);
    const { bytes } = this;
    let at = this.length;
    if (length < 24) for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i);
    else at += bytes.write(text, at, 'latin1');
    this.length = at;
  }

  /** Any text, as UTF-8. Returns the number of bytes. */
  utf8(text: string): number {
    this.reserve(text.length * 3);
    const written = this.bytes.write(text, this.length, 'utf8');
    this.length += written;
    return written;
  }

  /** A JSON string with its quotes. */
  jsonString(text: string): void {
    // Symbols and codes never need escaping; headlines may.
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return void this.utf8(JSON.stringify(text));
    }
    this.reserve(text.length + 2);
    this.bytes[this.length++] = 0x22;
    this.ascii(text);
    this.bytes[this.length++] = 0x22;
  }

  /** A number exactly as JSON.stringify spells it. */
  number(value: number): void {
    if (Number.isInteger(value) && value >= 0 && value <= 0xffffffff) return this.#integer(value);
    // Prices have few decimals: if value·10⁶ is a whole number that divides back to the same double, its digits are the
    // shortest spelling of it.
    const scaled = Math.round(value * 1e6);
    if (scaled > 0 && scaled < 4e15 && scaled / 1e6 === value) {
      const whole = Math.floor(scaled / 1e6);
      let fraction = scaled - whole * 1e6;
      if (whole > 0 || fraction >= 1) {
        this.#integer(whole);
        this.reserve(7);
        const { bytes } = this;
        let at = this.length;
        bytes[at++] = 0x2e;
        for (let unit = 100_000; fraction > 0; unit /= 10) {
          const digit = Math.floor(fraction / unit);
          bytes[at++] = digits + digit;
          fraction -= digit * unit;
        }
        this.length = at;
        return;
      }
    }
    this.ascii(JSON.stringify(value));
  }

  #integer(value: number): void {
    this.reserve(16);
    const { bytes } = this;
    if (value < 10) {
      bytes[this.length++] = digits + value;
      return;
    }
    let width = 2;
    for (let bound = 100; value >= bound; bound *= 10) width++;
    let rest = value;
    for (let at = this.length + width - 1; at >= this.length; at--) {
      const next = Math.floor(rest / 10);
      bytes[at] = digits + rest - next * 10;
      rest = next;
    }
    this.length += width;
  }

  /** RFC 3339 in UTC, up to nine decimals, trailing zeros trimmed: `2026-07-01T14:30:00.1301Z`. */
  rfc3339(at: Nanos): void {
    let nanos = Number(at - this.#second);
    if (this.#second < 0n || nanos < 0 || nanos >= 1e9) {
      this.#second = at - (((at % second) + second) % second);
      this.#secondText.write(new Date(Number(this.#second / 1_000_000n)).toISOString(), 'latin1');
      nanos = Number(at - this.#second);
    }
    this.reserve(30);
    const { bytes } = this;
    let to = this.length;
    to += this.#secondText.copy(bytes, to, 0, 19);
    if (nanos > 0) {
      bytes[to++] = 0x2e;
      for (let unit = 100_000_000; nanos > 0; unit /= 10) {
        const digit = Math.floor(nanos / unit);
        bytes[to++] = digits + digit;
        nanos -= digit * unit;
      }
    }
    bytes[to++] = 0x5a;
    this.length = to;
  }
}
