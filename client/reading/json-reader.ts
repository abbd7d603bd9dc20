import { asciiText } from './interned.ts';
import { Fields, type Said, Unreadable } from './said.ts';

/** Deepest nesting that is read; vendors nest four deep. */
const deepest = 32;
const numberShape = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// One by one: what is taken from a list is no constant to the compiler.
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
/** Below it every whole number is exact in a double, and any over a power of ten is rounded as JSON.parse rounds. */
const exactly = 1e15;
const powers = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);
/** V8 copies slices below it, and keeps the whole frame alive for longer ones. */
const copied = 13;

/**
 * Reads JSON from bytes as `JSON.parse` does, except that whole numbers beyond 2^53 keep their last digits. Throws `Unreadable` for
 * whatever `JSON.parse` refuses, for broken UTF-8 and for what is nested too deep.
 */
export class JsonReader {
  readonly #bytes: Buffer;
  /** The bytes as letters, once any are asked for: cutting short texts out of it takes a tenth of what decoding each one takes. */
  #letters: string | undefined;
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** The value at `at`; leaves `at` behind it. */
  value(depth = 0): Said {
    if (depth > deepest) throw new Unreadable('it is nested too deep');
    this.space();
    const byte = this.#bytes[this.at];
    if (byte === openObject) return this.#object(depth);
    if (byte === openList) return this.#list(depth);
    return byte === quote ? this.#text() : (this.#number(byte) ?? this.#word());
  }

  /** Steps over white space. */
  space(): void {
    const bytes = this.#bytes;
    let at = this.at;
    for (let byte = bytes[at]; byte !== undefined && byte <= 0x20 && isSpace(byte); byte = bytes[at]) at++;
    this.at = at;
  }

  /** Steps over this byte and white space before it, when it is there. */
  take(byte: number): boolean {
    this.space();
    if (this.#bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  get ended(): boolean {
    this.space();
    return this.at >= this.#bytes.length;
  }

  #object(depth: number): Fields {
    const said = new Map<string, Said>();
    this.at++;
    if (this.take(closeObject)) return new Fields(said);
    do {
      this.space();
      if (this.#bytes[this.at] !== quote) throw new Unreadable('a name is missing');
      const name = this.#text();
      if (!this.take(colon)) throw new Unreadable(`no value comes after ${name}`);
      said.set(name, this.value(depth + 1));
    } while (this.take(comma));
    if (!this.take(closeObject)) throw new Unreadable('an object does not end');
    return new Fields(said);
  }

  #list(depth: number): readonly Said[] {
    const items: Said[] = [];
    this.at++;
    if (this.take(closeList)) return items;
    do items.push(this.value(depth + 1));
    while (this.take(comma));
    if (!this.take(closeList)) throw new Unreadable('a list does not end');
    return items;
  }

  #text(): string {
    const bytes = this.#bytes;
    const from = this.at + 1;
    let to = from;
    let plain = true;
    for (;;) {
      const byte = bytes[to];
      if (byte === undefined) throw new Unreadable('a text does not end');
      if (byte === quote) break;
      if (byte === backslash) to++;
      if (byte < 0x20 || byte > 0x7e || byte === backslash) plain = false;
      to++;
    }
    this.at = to + 1;
    return plain ? this.#slice(from, to) : unescaped(bytes.subarray(from - 1, to + 1));
  }

  #slice(from: number, to: number): string {
    if (to - from >= copied) return asciiText(this.#bytes, from, to);
    this.#letters ??= asciiText(this.#bytes, 0, this.#bytes.length);
    return this.#letters.slice(from, to);
  }

  /** A number without an exponent that a double holds exactly; `undefined` for whatever else stands here. */
  #number(first: number | undefined): number | undefined {
    const bytes = this.#bytes;
    const from = first === minus ? this.at + 1 : this.at;
    let at = from;
    let value = 0;
    let byte = bytes[at] ?? 0;
    for (; byte >= zero && byte <= nine && value < exactly; byte = bytes[++at] ?? 0) value = value * 10 + (byte - zero);
    if (at === from || (at > from + 1 && bytes[from] === zero)) return undefined;
    if (byte === point) {
      const begin = ++at;
      byte = bytes[at] ?? 0;
      for (; byte >= zero && byte <= nine && value < exactly; byte = bytes[++at] ?? 0)
        value = value * 10 + (byte - zero);
      const decimals = at - begin;
      if (decimals === 0 || decimals >= powers.length || value >= exactly) return undefined;
      value /= powers[decimals] ?? 1;
    } else if (value >= exactly) return undefined;
    if (isWordByte(byte)) return undefined;
    this.at = at;
    return first === minus ? -value : value;
  }

  /** A number, true, false or null. */
  #word(): Said {
    const from = this.at;
    while (isWordByte(this.#bytes[this.at] ?? 0)) this.at++;
    const word = this.#slice(from, this.at);
    if (word === 'null') return null;
    if (word === 'true' || word === 'false') return word === 'true';
    if (!numberShape.test(word)) throw new Unreadable(word === '' ? 'a value is missing' : 'a value is no JSON');
    const number = Number(word);
    return Number.isInteger(number) && !Number.isSafeInteger(number) && /^-?\d+$/.test(word) ? BigInt(word) : number;
  }
}

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Digits, letters, and what else is in numbers. */
function isWordByte(byte: number): boolean {
  const letter = byte | 0x20;
  return (
    (byte >= zero && byte <= nine) ||
    (letter >= 0x61 && letter <= 0x7a) ||
    byte === 0x2b ||
    byte === minus ||
    byte === point
  );
}

/** A text with its quotes, which has escapes or letters beyond ASCII. */
function unescaped(bytes: Buffer): string {
  try {
    return String(JSON.parse(utf8.decode(bytes)));
  } catch {
    throw new Unreadable('a text has wrong escapes or letters');
  }
}

/** Where the value that begins at `at` seems to end, by its brackets and quotes alone: before a comma or the end of its list. */
export function endOfBroken(bytes: Buffer, at: number): number {
  let depth = 0;
  let quoted = false;
  for (let end = at; end < bytes.length; end++) {
    const byte = bytes[end];
    if (byte === quote) quoted = !quoted;
    else if (quoted) end += byte === backslash ? 1 : 0;
    else if (depth === 0 && (byte === comma || byte === closeList)) return end;
    else if (byte === openObject || byte === openList) depth++;
    else if ((byte === closeObject || byte === closeList) && depth > 0) depth--;
  }
  return bytes.length;
}
