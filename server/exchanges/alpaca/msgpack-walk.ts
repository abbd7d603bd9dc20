/** Why bytes are not one MessagePack value. */
export class MalformedMsgpack extends Error {
  override readonly name = 'MalformedMsgpack';
}

/** What a reader makes of what it meets. */
export interface MsgpackRules {
  /** How deep values may nest. */
  readonly deepest: number;
  readonly map: (entries: readonly (readonly [unknown, unknown])[]) => unknown;
  /** Numbers of more than a byte, floats, binaries and extensions: the head, and from where to where in the bytes the rest lies. */
  readonly other: (head: number, bytes: Buffer, from: number, to: number) => unknown;
}

/**
 * Reads one MessagePack value, trusting nothing: nesting is bounded, and no list is allocated before its items have been seen, so a
 * header that claims four billion items costs five bytes. Throws `MalformedMsgpack`.
 */
export function walkMsgpack(bytes: Buffer, rules: MsgpackRules): unknown {
  const walk = new Walk(bytes, rules);
  const value = walk.value(0);
  if (walk.at !== bytes.length) throw new MalformedMsgpack(`${bytes.length - walk.at} bytes too many`);
  return value;
}

class Walk {
  at = 0;
  readonly #bytes: Buffer;
  readonly #rules: MsgpackRules;

  constructor(bytes: Buffer, rules: MsgpackRules) {
    this.#bytes = bytes;
    this.#rules = rules;
  }

  value(depth: number): unknown {
    const { deepest } = this.#rules;
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
      default: {
        const length = this.#lengthOf(head);
        return this.#rules.other(head, this.#bytes, this.#skip(length), this.at);
      }
    }
  }

  /** Bytes that follow the head of a value which is neither a text nor holds others; an extension's begin with its type. */
  #lengthOf(head: number): number {
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

  #map(count: number, depth: number): unknown {
    const entries: [unknown, unknown][] = [];
    for (let i = 0; i < count; i++) entries.push([this.value(depth + 1), this.value(depth + 1)]);
    return this.#rules.map(entries);
  }

  #text(length: number): string {
    const from = this.#skip(length);
    return this.#bytes.toString('utf8', from, this.at);
  }

  /** Passes over so many bytes; returns where they begin. */
  #skip(length: number): number {
    const from = this.at;
    if (from + length > this.#bytes.length) throw new MalformedMsgpack('ends too early');
    this.at += length;
    return from;
  }

  #whole(width: number): number {
    return this.#bytes.readUIntBE(this.#skip(width), width);
  }
}
