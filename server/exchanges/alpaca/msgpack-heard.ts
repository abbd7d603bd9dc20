import { Packed } from '../exchange.ts';

/** How deep a message may nest: a frame, its messages, the sides of a book, their levels. */
const deepest = 8;

/** Reads one MessagePack value with everything it tells of itself: floats, times and whole numbers apart. Throws a `RangeError`. */
export function readPacked(bytes: Buffer): unknown {
  const reader = new PackedReader(bytes);
  const value = reader.value(0);
  if (reader.at !== bytes.length) throw new RangeError(`${bytes.length - reader.at} bytes too many`);
  return value;
}

class PackedReader {
  at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  value(depth: number): unknown {
    if (depth > deepest) throw new RangeError(`nested deeper than ${deepest}`);
    const head = this.#whole(1);
    if (head < 0x80) return head;
    if (head < 0x90) return this.#map(head & 0x0f, depth);
    if (head < 0xa0) return this.#list(head & 0x0f, depth);
    if (head < 0xc0) return this.#text(head & 0x1f);
    if (head >= 0xe0) return head - 0x100;
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#opaque(this.#whole(1 << (head - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#whole(1 << (head - 0xc7)));
      case 0xca:
        return new Packed('float32', this.#bytes.readFloatBE(this.#skip(4)));
      case 0xcb:
        return new Packed('float64', this.#bytes.readDoubleBE(this.#skip(8)));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#whole(1 << (head - 0xcc));
      case 0xcf:
        return small(this.#bytes.readBigUInt64BE(this.#skip(8)));
      case 0xd0:
      case 0xd1:
      case 0xd2: {
        const width = 1 << (head - 0xd0);
        return this.#bytes.readIntBE(this.#skip(width), width);
      }
      case 0xd3:
        return small(this.#bytes.readBigInt64BE(this.#skip(8)));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (head - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#whole(1 << (head - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#list(this.#whole(2 << (head - 0xdc)), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#whole(2 << (head - 0xde)), depth);
      default:
        throw new RangeError(`0x${head.toString(16)} starts no value`);
    }
  }

  #list(count: number, depth: number): unknown[] {
    const list: unknown[] = [];
    for (let i = 0; i < count; i++) list.push(this.value(depth + 1));
    return list;
  }

  #map(count: number, depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (let i = 0; i < count; i++) entries.push([String(this.value(depth + 1)), this.value(depth + 1)]);
    return Object.fromEntries(entries);
  }

  #text(length: number): string {
    const from = this.#skip(length);
    return this.#bytes.toString('utf8', from, this.at);
  }

  #opaque(length: number): Packed {
    this.#skip(length);
    return new Packed('bytes', length);
  }

  /** Extension -1 is a time in one of its three lengths; any other is bytes. */
  #extension(length: number): Packed {
    const type = this.#bytes.readInt8(this.#skip(1));
    const from = this.#skip(length);
    if (type !== -1) return new Packed('bytes', length);
    if (length === 4) return new Packed('time', BigInt(this.#bytes.readUInt32BE(from)) * second);
    if (length === 8) {
      const both = this.#bytes.readBigUInt64BE(from);
      return new Packed('time', (both & 0x3ffffffffn) * second + (both >> 34n));
    }
    if (length !== 12) return new Packed('bytes', length);
    return new Packed('time', this.#bytes.readBigInt64BE(from + 4) * second + BigInt(this.#bytes.readUInt32BE(from)));
  }

  /** Passes over so many bytes; returns where they begin. */
  #skip(length: number): number {
    const from = this.at;
    if (from + length > this.#bytes.length) throw new RangeError('ends too early');
    this.at += length;
    return from;
  }

  #whole(width: number): number {
    return this.#bytes.readUIntBE(this.#skip(width), width);
  }
}

const second = 1_000_000_000n;

function small(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
