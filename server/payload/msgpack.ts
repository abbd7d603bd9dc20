import { BrokenPayload, type Leaf, type Piece, type Value } from './piece.ts';

const nil = 0xc0;
const float64 = 0xcb;

/** The maps of a MessagePack value. Throws `BrokenPayload`. */
export function msgpackPieces(payload: Buffer): readonly Piece[] {
  const reader = new Reader(payload);
  return Array.from({ length: reader.enter() }, () => reader.piece());
}

/** A value as MessagePack spells it. */
export function msgpackValue(value: Value): Buffer {
  if (value === 'null') return Buffer.from([nil]);
  if (value !== 'nan' && 'text' in value) return textOf(value.text);
  const bytes = Buffer.alloc(9);
  bytes[0] = float64;
  bytes.writeDoubleBE(value === 'nan' ? Number.NaN : value.number, 1);
  return bytes;
}

/** The payload with so many bytes more or somewhat over, in a field of its last map that nobody asked for. */
export function widened(payload: Buffer, more: number): Buffer {
  const last = msgpackPieces(payload).at(-1);
  if (last === undefined) return payload;
  const { map = 0, head } = new Reader(payload).size(last.start);
  const field = Buffer.concat([textOf('padding'), textOf(' '.repeat(more))]);
  const header = map < 15 ? Buffer.from([0x80 | (map + 1)]) : Buffer.from([0xde, (map + 1) >> 8, (map + 1) & 0xff]);
  const [before, inside, after] = [
    payload.subarray(0, last.start),
    payload.subarray(last.start + head, last.end),
    payload.subarray(last.end),
  ];
  return Buffer.concat([before, header, inside, field, after]);
}

function textOf(text: string): Buffer {
  const bytes = Buffer.from(text);
  const { length } = bytes;
  const head = Buffer.alloc(length < 32 ? 1 : 5);
  if (length < 32) head[0] = 0xa0 | length;
  else {
    head[0] = 0xdb;
    head.writeUInt32BE(length, 1);
  }
  return Buffer.concat([head, bytes]);
}

/** What stands at a place: how many bytes its head has, and what follows it. */
interface Size {
  readonly head: number;
  /** Fields of a map, items of a list, bytes of a text or of anything else. */
  readonly map?: number;
  readonly list?: number;
  readonly text?: number;
  readonly opaque?: number;
  /** A number with so many bytes after its head. */
  readonly number?: number;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Goes past the head of the list that the payload is, if it is one; returns how many values follow. */
  enter(): number {
    const { head, list } = this.size(0);
    if (list === undefined) return 1;
    if (list > this.#bytes.length) throw new BrokenPayload('more items than bytes');
    this.#at = head;
    return list;
  }

  piece(): Piece {
    const leaves: Leaf[] = [];
    const start = this.#at;
    this.#value(leaves);
    return { start, end: this.#at, leaves };
  }

  #value(leaves: Leaf[]): void {
    const start = this.#at;
    const { head, map, list, text, opaque = 0, number } = this.size(start);
    this.#at += head;
    if (map !== undefined) {
      for (let i = 0; i < map; i++) {
        this.#value([]);
        this.#value(leaves);
      }
      return;
    }
    if (list !== undefined) {
      for (let i = 0; i < list; i++) this.#value(leaves);
      return;
    }
    this.#at += text ?? number ?? opaque;
    const end = this.#at;
    if (end > this.#bytes.length) throw new BrokenPayload('ends too early');
    if (text !== undefined)
      leaves.push({ kind: 'text', text: this.#bytes.toString('utf8', start + head, end), start, end });
    else if (number !== undefined) leaves.push({ kind: 'number', text: this.#number(start), start, end });
    else leaves.push({ kind: 'other', text: '', start, end });
  }

  #number(at: number): string {
    const bytes = this.#bytes;
    const head = this.#uint(at, 1);
    if (head < 0x80) return String(head);
    if (head >= 0xe0) return String(head - 0x100);
    const next = at + 1;
    if (head === 0xca) return String(bytes.readFloatBE(next));
    if (head === float64) return String(bytes.readDoubleBE(next));
    const width = 1 << (head & 3);
    if (head <= 0xcf) return String(width === 8 ? bytes.readBigUInt64BE(next) : bytes.readUIntBE(next, width));
    return String(width === 8 ? bytes.readBigInt64BE(next) : bytes.readIntBE(next, width));
  }

  size(at: number): Size {
    const head = this.#uint(at, 1);
    const wide = (width: number): number => this.#uint(at + 1, width);
    if (head < 0x80 || head >= 0xe0) return { head: 1, number: 0 };
    if (head < 0x90) return { head: 1, map: head & 0x0f };
    if (head < 0xa0) return { head: 1, list: head & 0x0f };
    if (head < nil) return { head: 1, text: head & 0x1f };
    if (head <= 0xc3) return { head: 1, opaque: 0 };
    if (head <= 0xc6) return { head: 1 + (1 << (head - 0xc4)), opaque: wide(1 << (head - 0xc4)) };
    if (head <= 0xc9) return { head: 2 + (1 << (head - 0xc7)), opaque: wide(1 << (head - 0xc7)) };
    if (head <= float64) return { head: 1, number: head === 0xca ? 4 : 8 };
    if (head <= 0xd3) return { head: 1, number: 1 << (head & 3) };
    if (head <= 0xd8) return { head: 2, opaque: 1 << (head - 0xd4) };
    if (head <= 0xdb) return { head: 1 + (1 << (head - 0xd9)), text: wide(1 << (head - 0xd9)) };
    if (head <= 0xdd) return { head: 1 + (2 << (head - 0xdc)), list: wide(2 << (head - 0xdc)) };
    return { head: 1 + (2 << (head - 0xde)), map: wide(2 << (head - 0xde)) };
  }

  #uint(at: number, width: number): number {
    if (at + width > this.#bytes.length) throw new BrokenPayload('ends too early');
    return this.#bytes.readUIntBE(at, width);
  }
}
