import type { Nanos } from '../../../market/event.ts';
import { asciiText, Fields, Instant, type Said, Unreadable } from '../feed.ts';

/** Deepest nesting that is read; the vendor nests four deep. */
const deepest = 32;
const timestamp = -1;
/** What the vendor's Go library called its own timestamps once; the Go SDK still reads it [S GO]. */
const oldTimestamp = 13;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Does a frame begin as MessagePack does: with a map or a list? No JSON begins so. */
export function isMsgpack(frame: Buffer): boolean {
  const first = frame[0] ?? 0;
  return (first >= 0x80 && first <= 0x9f) || (first >= 0xdc && first <= 0xdf);
}

/**
 * Reads MessagePack from bytes. Whole numbers beyond 2^53 keep their last digits, timestamps (ext -1 in its forms of 4, 8 and 12 bytes)
 * their nanoseconds. Throws `Unreadable` for what is no MessagePack, breaks off or is nested too deep.
 */
export class MsgpackReader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.at >= this.#bytes.length;
  }

  /** Steps over the head of a list and tells its length; `undefined` when it is none. */
  listHead(): number | undefined {
    const head = this.#bytes[this.at] ?? 0;
    if (head >= 0x90 && head <= 0x9f) {
      this.at++;
      return head & 0x0f;
    }
    if (head !== 0xdc && head !== 0xdd) return undefined;
    this.at++;
    return this.#unsigned(head === 0xdc ? 2 : 4);
  }

  value(depth = 0): Said {
    if (depth > deepest) throw new Unreadable('it is nested too deep');
    const count = this.listHead();
    if (count !== undefined) return this.#list(count, depth);
    const head = this.#unsigned(1);
    if (head <= 0x7f) return head;
    if (head <= 0x8f) return this.#map(head & 0x0f, depth);
    if (head >= 0xe0) return head - 0x100;
    if (head >= 0xa0 && head <= 0xbf) return this.#text(head & 0x1f);
    return this.#headed(head, depth);
  }

  #headed(head: number, depth: number): Said {
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return head === 0xc3;
      case 0xca:
        return this.#bytes.readFloatBE(this.#take(4));
      case 0xcb:
        return this.#bytes.readDoubleBE(this.#take(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(1 << (head - 0xcc));
      case 0xcf:
        return safe(this.#bytes.readBigUInt64BE(this.#take(8)));
      case 0xd0:
      case 0xd1:
      case 0xd2: {
        const width = 1 << (head - 0xd0);
        return this.#bytes.readIntBE(this.#take(width), width);
      }
      case 0xd3:
        return safe(this.#bytes.readBigInt64BE(this.#take(8)));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#unsigned(1 << (head - 0xd9)));
      case 0xd6:
      case 0xd7:
        return this.#extension(head === 0xd6 ? 4 : 8);
      case 0xc7:
        return this.#extension(this.#unsigned(1));
      case 0xde:
      case 0xdf:
        return this.#map(this.#unsigned(head === 0xde ? 2 : 4), depth);
      default:
        throw new Unreadable(`no value begins with 0x${head.toString(16)}`);
    }
  }

  #list(count: number, depth: number): readonly Said[] {
    const items: Said[] = [];
    for (let index = 0; index < count; index++) items.push(this.value(depth + 1));
    return items;
  }

  #map(count: number, depth: number): Fields {
    const said = new Map<string, Said>();
    for (let index = 0; index < count; index++) {
      const name = this.value(depth + 1);
      // By name only: no vendor's SDK takes anything else (sheet §2.2).
      if (typeof name !== 'string') throw new Unreadable('a name is no text');
      said.set(name, this.value(depth + 1));
    }
    return new Fields(said);
  }

  #text(length: number): string {
    const from = this.#take(length);
    const bytes = this.#bytes;
    let at = from;
    while (at < this.at && (bytes[at] ?? 0) <= 0x7f) at++;
    if (at === this.at) return asciiText(bytes, from, at);
    try {
      return utf8.decode(bytes.subarray(from, this.at));
    } catch {
      throw new Unreadable('a text has wrong letters');
    }
  }

  /** The types that the Go SDK reads as times; others are no part of the protocol. */
  #extension(length: number): Instant {
    const bytes = this.#bytes;
    const type = bytes.readInt8(this.#take(1));
    const from = this.#take(length);
    if (type !== timestamp && type !== oldTimestamp) throw new Unreadable(`nothing is known of extension ${type}`);
    if (length === 4) return instant(BigInt(bytes.readUInt32BE(from)), 0);
    if (length === 8) {
      const both = bytes.readBigUInt64BE(from);
      return instant(both & 0x3_ffff_ffffn, Number(both >> 34n));
    }
    if (length === 12) return instant(bytes.readBigInt64BE(from + 4), bytes.readUInt32BE(from));
    throw new Unreadable(`a timestamp has no ${length} bytes`);
  }

  #unsigned(width: number): number {
    return this.#bytes.readUIntBE(this.#take(width), width);
  }

  /** Where so many bytes begin; steps over them. */
  #take(length: number): number {
    const from = this.at;
    if (from + length > this.#bytes.length) throw new Unreadable('the frame breaks off');
    this.at = from + length;
    return from;
  }
}

function safe(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function instant(seconds: Nanos, nanos: number): Instant {
  if (nanos > 999_999_999) throw new Unreadable('a timestamp has more nanoseconds than a second has');
  return new Instant(seconds * 1_000_000_000n + BigInt(nanos));
}
