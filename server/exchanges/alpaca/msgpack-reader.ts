/** How deep a client's message may nest. The real ones are a map of lists: two. */
const deepest = 4;

/** Why bytes are not one MessagePack value. Thrown and caught within the decoder. */
export class MalformedMsgpack extends Error {
  override readonly name = 'MalformedMsgpack';
}

/**
 * Reads one MessagePack value from a client, trusting nothing: nesting is bounded, and no list is allocated before its items have
 * been seen, so a header that claims four billion items costs five bytes. Floats, extensions and binaries become
 * `undefined`: no message of Alpaca's clients means anything by them. Throws `MalformedMsgpack`.
 */
export function readMsgpack(bytes: Buffer): unknown {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (reader.at !== bytes.length) throw new MalformedMsgpack(`${bytes.length - reader.at} bytes too many`);
  return value;
}

class Reader {
  at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  value(depth: number): unknown {
    if (depth > deepest) throw new MalformedMsgpack(`nested deeper than ${deepest}`);
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
        return this.#skip(this.#opaque(head));
    }
  }

  /** Bytes that follow the head of a value nobody reads. */
  #opaque(head: number): number {
    if (head >= 0xc4 && head <= 0xc6) return this.#whole(1 << (head - 0xc4));
    if (head >= 0xc7 && head <= 0xc9) return this.#whole(1 << (head - 0xc7)) + 1;
    if (head === 0xca) return 4;
    if (head === 0xcb) return 8;
    if (head >= 0xcc && head <= 0xcf) return 1 << (head - 0xcc);
    if (head >= 0xd0 && head <= 0xd3) return 1 << (head - 0xd0);
    if (head >= 0xd4 && head <= 0xd8) return (1 << (head - 0xd4)) + 1;
    throw new MalformedMsgpack(`0x${head.toString(16)} starts no value`);
  }

  #list(count: number, depth: number): unknown[] {
    const list: unknown[] = [];
    for (let i = 0; i < count; i++) list.push(this.value(depth + 1));
    return list;
  }

  #map(count: number, depth: number): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    for (let i = 0; i < count; i++) map.set(this.value(depth + 1), this.value(depth + 1));
    return map;
  }

  #text(length: number): string {
    const from = this.at;
    this.#skip(length);
    return this.#bytes.toString('utf8', from, this.at);
  }

  #skip(length: number): undefined {
    if (this.at + length > this.#bytes.length) throw new MalformedMsgpack('ends too early');
    this.at += length;
    return undefined;
  }

  #whole(width: number): number {
    const from = this.at;
    this.#skip(width);
    return this.#bytes.readUIntBE(from, width);
  }
}
