import type { Nanos } from '../../market/event.ts';
import { second as aSecond } from '../../market/nanos.ts';
import { instantOf } from './instant.ts';
import { asciiText, hashed, Interned } from './interned.ts';

const quote = 0x22;
const comma = 0x2c;
const closing = 0x7d;
const openList = 0x5b;
const closeList = 0x5d;
const colon = 0x3a;
const backslash = 0x5c;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
/** A double holds every whole number of so many digits, and these over a power of ten are rounded as JSON.parse rounds. */
const exactDigits = 15;
const powers = Array.from({ length: exactDigits + 1 }, (_, exponent) => 10 ** exponent);
/** `2026-07-01T14:30:00` */
const secondLength = 19;
const secondsKept = 2n ** 33n;
const mostLetters = 4;
const listSlots = 1 << 10;
const none: readonly string[] = Object.freeze([]);
const letters = Array.from({ length: 128 }, (_, byte) => String.fromCharCode(byte));
const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const [lowWord, highWord] = littleEndian ? [0, 1] : [1, 0];

const noName = 0;

/** A name of one or two letters as a number, with what stands before it: a comma, or the brace of the object. */
export function named(name: string, before: ',' | '{' = ','): number {
  return before.charCodeAt(0) | (name.charCodeAt(0) << 8) | (name.length > 1 ? name.charCodeAt(1) << 16 : 0);
}

/**
 * Steps over JSON that is spelled as one vendor spells it, to save what a general reader costs. It knows no white space, no escapes and
 * no odd numbers: where the bytes are not just what was asked for, the answer says so, and the element is to be read anew by a
 * `JsonReader`. What it does read is what `JSON.parse` reads.
 */
export class JsonScan {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  readonly #words = new Interned((text) => text);
  /** Lists by their letters, one a slot. */
  readonly #listCodes = new Int32Array(listSlots);
  readonly #lists = Array.from<readonly string[]>({ length: listSlots });
  /** The second that came last, its spelling and its nanoseconds: nearly all events share it with the one before. */
  readonly #second = new Uint8Array(secondLength);
  #low = 0;
  #high = 0;
  readonly #nanos = new BigInt64Array(1);
  readonly #nanosWords = new Uint32Array(this.#nanos.buffer);

  open(bytes: Buffer): void {
    this.bytes = bytes;
    this.at = 0;
  }

  /** Steps over the brace that ends an object. */
  last(): boolean {
    const is = this.bytes[this.at] === closing;
    if (is) this.at++;
    return is;
  }

  /** Steps over what stands before a value: see `named`. Written out, because a loop over the bytes takes twice the time. */
  #name(name: number): boolean {
    const { bytes, at } = this;
    const second = name >>> 16;
    const end = second === 0 ? at + 3 : at + 4;
    const is =
      bytes[end + 1] === colon &&
      bytes[at + 2] === ((name >>> 8) & 0xff) &&
      bytes[at] === (name & 0xff) &&
      bytes[at + 1] === quote &&
      bytes[end] === quote &&
      (second === 0 || bytes[at + 3] === second);
    if (is) this.at = end + 2;
    return is;
  }

  /** The byte here, over which it steps; -1 at the end. */
  byte(): number {
    return this.at < this.bytes.length ? (this.bytes[this.at++] ?? -1) : -1;
  }

  /** A number that is not negative and has at most 15 digits and no exponent; -1 for another. */
  number(name = noName): number {
    if (name !== noName && !this.#name(name)) return -1;
    const bytes = this.bytes;
    const from = this.at;
    const end = bytes.length;
    let at = from;
    let digits = 0;
    let byte = 0;
    while (at < end && (byte = bytes[at] ?? 0) >= zero && byte <= nine) {
      digits = digits * 10 + (byte - zero);
      at++;
    }
    const whole = at - from;
    if (whole === 0 || whole > exactDigits || (whole > 1 && bytes[from] === zero)) return -1;
    if (byte !== point || at === end) {
      this.at = at;
      return digits;
    }
    at++;
    while (at < end && (byte = bytes[at] ?? 0) >= zero && byte <= nine) {
      digits = digits * 10 + (byte - zero);
      at++;
    }
    const decimals = at - from - whole - 1;
    if (decimals === 0 || whole + decimals > exactDigits) return -1;
    this.at = at;
    return digits / (powers[decimals] ?? NaN);
  }

  /** A whole number that is not negative, as text; undefined for another. */
  digits(name = noName): string | undefined {
    if (name !== noName && !this.#name(name)) return undefined;
    const bytes = this.bytes;
    const from = this.at;
    const end = bytes.length;
    let at = from;
    let byte = 0;
    while (at < end && (byte = bytes[at] ?? 0) >= zero && byte <= nine) at++;
    const length = at - from;
    if (length === 0 || (length > 1 && bytes[from] === zero)) return undefined;
    this.at = at;
    return textBefore(bytes, from, at);
  }

  /** Text of plain ASCII: a symbol. */
  text(name = noName): string | undefined {
    if (name !== noName && !this.#name(name)) return undefined;
    if (this.bytes[this.at] !== quote) return undefined;
    this.at++;
    return this.word();
  }

  /** The same behind its first quote. */
  word(): string | undefined {
    const bytes = this.bytes;
    const from = this.at;
    const end = bytes.length;
    let hash = 0;
    for (let at = from; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) {
        this.at = at + 1;
        return this.#words.of(bytes, from, at, hash);
      }
      if (byte < 0x20 || byte > 0x7e || byte === backslash) return undefined;
      hash = hashed(hash, byte);
    }
    return undefined;
  }

  /** Text of one ASCII letter: an exchange, a tape. */
  letter(name = noName): string | undefined {
    if (name !== noName && !this.#name(name)) return undefined;
    const { bytes, at } = this;
    if (bytes[at + 2] !== quote || bytes[at] !== quote) return undefined;
    const byte = bytes[at + 1] ?? 0;
    if (byte < 0x20 || byte > 0x7e || byte === backslash || byte === quote) return undefined;
    this.at = at + 3;
    return letters[byte];
  }

  /** A list of up to four texts of one ASCII letter each, such as `["@","I"]`: conditions. Frozen, since all that are alike share it. */
  letters(name = noName): readonly string[] | undefined {
    if (name !== noName && !this.#name(name)) return undefined;
    const bytes = this.bytes;
    let at = this.at;
    if (bytes[at] !== openList) return undefined;
    if (bytes[at + 1] === closeList) {
      this.at = at + 2;
      return none;
    }
    let code = 1;
    for (let count = 0; count < mostLetters; count++, at += 4) {
      const byte = bytes[at + 2] ?? 0;
      if (bytes[at + 3] !== quote || bytes[at + 1] !== quote || byte < 0x20 || byte > 0x7e) return undefined;
      if (byte === backslash || byte === quote) return undefined;
      code = (code << 7) | byte;
      const after = bytes[at + 4];
      if (after === closeList) {
        this.at = at + 5;
        return this.#listOf(code);
      }
      if (after !== comma) return undefined;
    }
    return undefined;
  }

  #listOf(code: number): readonly string[] {
    const slot = (code ^ (code >>> 14)) & (listSlots - 1);
    if (this.#listCodes[slot] !== code) {
      const list: string[] = [];
      for (let rest = code; rest > 1; rest >>>= 7) list.unshift(String.fromCharCode(rest & 0x7f));
      this.#listCodes[slot] = code;
      this.#lists[slot] = Object.freeze(list);
    }
    return this.#lists[slot] ?? none;
  }

  /** A time of RFC 3339 in UTC with at most nine decimals. */
  instant(name = noName): Nanos | undefined {
    if (name !== noName && !this.#name(name)) return undefined;
    const bytes = this.bytes;
    const end = bytes.length;
    if (bytes[this.at] !== quote) return undefined;
    let at = this.at + 1;
    if (at + secondLength + 2 > end) return undefined;
    // The last digits differ most often.
    const second = this.#second;
    let index = secondLength - 1;
    while (index >= 0 && second[index] === bytes[at + index]) index--;
    if (index >= 0 && !this.#turnTo(at)) return undefined;
    at += secondLength;
    let fraction = 0;
    let byte = bytes[at++] ?? 0;
    if (byte === point) {
      const from = at;
      while (at < end && (byte = bytes[at] ?? 0) >= zero && byte <= nine) {
        fraction = fraction * 10 + (byte - zero);
        at++;
      }
      const decimals = at - from;
      if (decimals === 0 || decimals > 9) return undefined;
      if (decimals < 9) fraction *= powers[9 - decimals] ?? NaN;
      at++;
    }
    if (byte !== 0x5a || at >= end || bytes[at] !== quote) return undefined;
    this.at = at + 1;
    // A bigint made of its words costs a third of one that is reckoned.
    const low = this.#low + fraction;
    this.#nanosWords[lowWord] = low;
    this.#nanosWords[highWord] = low >= 0x1_0000_0000 ? this.#high + 1 : this.#high;
    return this.#nanos[0];
  }

  /** Reads a second that was not the last one; whether it is one. */
  #turnTo(at: number): boolean {
    const from = instantOf(`${asciiText(this.bytes, at, at + secondLength)}Z`);
    if (from === undefined || from < 0n || from >= secondsKept * aSecond) return false;
    this.#second.set(this.bytes.subarray(at, at + secondLength));
    this.#nanos[0] = from;
    this.#low = this.#nanosWords[lowWord] ?? 0;
    this.#high = this.#nanosWords[highWord] ?? 0;
    return true;
  }
}

/** Text of ASCII bytes. Up to 16 of them are spelled with what stands before, and cut off: a copy takes three times as long. */
function textBefore(bytes: Buffer, from: number, to: number): string {
  if (to < 16 || to - from > 16) return asciiText(bytes, from, to);
  const [at, b] = [to - 16, bytes];
  return String.fromCharCode(
    b[at] ?? 0,
    b[at + 1] ?? 0,
    b[at + 2] ?? 0,
    b[at + 3] ?? 0,
    b[at + 4] ?? 0,
    b[at + 5] ?? 0,
    b[at + 6] ?? 0,
    b[at + 7] ?? 0,
    b[at + 8] ?? 0,
    b[at + 9] ?? 0,
    b[at + 10] ?? 0,
    b[at + 11] ?? 0,
    b[at + 12] ?? 0,
    b[at + 13] ?? 0,
    b[at + 14] ?? 0,
    b[at + 15] ?? 0,
  ).slice(from - at);
}
