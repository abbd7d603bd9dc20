import type { Nanos } from '../../market/event.ts';
import { second } from '../../market/nanos.ts';
import { instantOf } from './instant.ts';
import { asciiText, hashed, Interned } from './interned.ts';

const quote = 0x22;
const comma = 0x2c;
const brace = 0x7b;
const closing = 0x7d;
const colon = 0x3a;
const backslash = 0x5c;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
/** A double holds every whole number of so many digits, and these over a power of ten are rounded as JSON.parse rounds. */
const exactDigits = 15;
const smallDigits = 9;
const powers = Array.from({ length: exactDigits + 1 }, (_, exponent) => 10 ** exponent);
/** `2026-07-01T14:30:00` */
const secondLength = 19;
const secondsKept = 2n ** 33n;
const letters = Array.from({ length: 128 }, (_, byte) => String.fromCharCode(byte));
const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const [lowWord, highWord] = littleEndian ? [0, 1] : [1, 0];

/**
 * Steps over JSON that is spelled as one vendor spells it, to save what a general reader costs. It knows no white space, no escapes and
 * no odd numbers: where the bytes are not just what was asked for, the answer says so, and the element is to be read anew by a
 * `JsonReader`. What it does read is what `JSON.parse` reads.
 */
export class JsonScan {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  readonly #words = new Interned((text) => text);
  readonly #lists = new Interned(textsOf);
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

  /** Steps over the brace and the first name of an object, a name of one letter: `{"T":`. */
  first(letter: number): boolean {
    return this.#name(brace, letter);
  }

  /** Steps over a further name of one letter, and the comma before it: `,"p":`. */
  next(letter: number): boolean {
    return this.#name(comma, letter);
  }

  /** The same of two letters: `,"bp":`. */
  next2(letter: number, second: number): boolean {
    const { bytes, at } = this;
    const is =
      bytes[at + 5] === colon &&
      bytes[at + 3] === second &&
      bytes[at + 2] === letter &&
      bytes[at] === comma &&
      bytes[at + 1] === quote &&
      bytes[at + 4] === quote;
    if (is) this.at = at + 6;
    return is;
  }

  /** Steps over the brace that ends an object. */
  last(): boolean {
    const is = this.bytes[this.at] === closing;
    if (is) this.at++;
    return is;
  }

  /** Written out, because a loop over the bytes of a name takes twice the time. */
  #name(before: number, letter: number): boolean {
    const { bytes, at } = this;
    const is =
      bytes[at + 4] === colon &&
      bytes[at + 2] === letter &&
      bytes[at] === before &&
      bytes[at + 1] === quote &&
      bytes[at + 3] === quote;
    if (is) this.at = at + 5;
    return is;
  }

  /** The byte here, over which it steps; -1 at the end. */
  byte(): number {
    return this.at < this.bytes.length ? (this.bytes[this.at++] ?? -1) : -1;
  }

  /** A number that is not negative and has at most 15 digits and no exponent; -1 for another. */
  number(): number {
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
  digits(): string | undefined {
    const bytes = this.bytes;
    const from = this.at;
    const end = bytes.length;
    let at = from;
    let value = 0;
    for (; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte < zero || byte > nine) break;
      if (at - from < smallDigits) value = value * 10 + (byte - zero);
    }
    const length = at - from;
    if (length === 0 || (length > 1 && bytes[from] === zero)) return undefined;
    this.at = at;
    // Small numbers are quickly spelled; greater ones are copied as they are.
    return length <= smallDigits ? String(value) : asciiText(bytes, from, at);
  }

  /** Text of plain ASCII: a symbol. */
  text(): string | undefined {
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
  letter(): string | undefined {
    const { bytes, at } = this;
    if (bytes[at + 2] !== quote || bytes[at] !== quote) return undefined;
    const byte = bytes[at + 1] ?? 0;
    if (byte < 0x20 || byte > 0x7e || byte === backslash || byte === quote) return undefined;
    this.at = at + 3;
    return letters[byte];
  }

  /** A list of texts of plain ASCII, such as `["@","I"]`: conditions. The same list is the same object, and frozen. */
  texts(): readonly string[] | undefined {
    const bytes = this.bytes;
    const from = this.at;
    const end = bytes.length;
    let hash = 0;
    for (let at = from; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte < 0x20 || byte > 0x7e || byte === backslash) return undefined;
      hash = hashed(hash, byte);
      if (byte === 0x5d) {
        const texts = this.#lists.of(bytes, from, at + 1, hash);
        if (texts !== undefined) this.at = at + 1;
        return texts;
      }
    }
    return undefined;
  }

  /** A time of RFC 3339 in UTC with at most nine decimals. */
  instant(): Nanos | undefined {
    const bytes = this.bytes;
    const end = bytes.length;
    if (bytes[this.at] !== quote) return undefined;
    let at = this.at + 1;
    if (at + secondLength + 2 > end) return undefined;
    // The last digits differ most often.
    let index = secondLength - 1;
    while (index >= 0 && this.#second[index] === bytes[at + index]) index--;
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
      fraction *= powers[9 - decimals] ?? NaN;
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
    if (from === undefined || from < 0n || from >= secondsKept * second) return false;
    this.#second.set(this.bytes.subarray(at, at + secondLength));
    this.#nanos[0] = from;
    this.#low = this.#nanosWords[lowWord] ?? 0;
    this.#high = this.#nanosWords[highWord] ?? 0;
    return true;
  }
}

function textsOf(text: string): readonly string[] | undefined {
  // A bracket within a text ends the list too early, which is no JSON.
  return /^\[(?:"[^"]*"(?:,"[^"]*")*)?\]$/.test(text) ? Object.freeze(JSON.parse(text)) : undefined;
}
