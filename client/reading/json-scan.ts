import type { Nanos } from '../../market/event.ts';
import { second } from '../../market/nanos.ts';
import { instantOf } from './instant.ts';
import { asciiText, hashed, Interned } from './interned.ts';

const [quote, backslash, point, zero, nine] = [0x22, 0x5c, 0x2e, 0x30, 0x39];
/** A double holds every whole number of so many digits, and these over a power of ten are rounded as JSON.parse rounds. */
const exactDigits = 15;
const powers = Array.from({ length: exactDigits + 1 }, (_, exponent) => 10 ** exponent);
/** `2026-07-01T14:30:00` */
const secondLength = 19;
const secondsKept = 2n ** 33n;
const letters = Array.from({ length: 128 }, (_, byte) => String.fromCharCode(byte));
const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const [lowWord, highWord] = littleEndian ? [0, 1] : [1, 0];

/** The bytes of a text, as `JsonScan.is` expects them. */
export const spelled = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

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

  /** Steps over just these bytes. */
  is(literal: Uint8Array): boolean {
    const { bytes, at } = this;
    const length = literal.length;
    if (at + length > bytes.length) return false;
    for (let index = 0; index < length; index++) if (bytes[at + index] !== literal[index]) return false;
    this.at = at + length;
    return true;
  }

  /** The byte here, and steps over it; -1 at the end. */
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
    let digits = 0;
    let byte = 0;
    while (at < end && (byte = bytes[at] ?? 0) >= zero && byte <= nine) {
      digits = digits * 10 + (byte - zero);
      at++;
    }
    const length = at - from;
    if (length === 0 || (length > 1 && bytes[from] === zero)) return undefined;
    this.at = at;
    return length <= exactDigits ? String(digits) : asciiText(bytes, from, at);
  }

  /** Text of plain ASCII up to the next quote, over which it steps: a symbol. */
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

  /** One ASCII letter and the quote behind it: an exchange, a tape. */
  letter(): string | undefined {
    const { bytes, at } = this;
    if (at + 1 >= bytes.length || bytes[at + 1] !== quote) return undefined;
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte > 0x7e || byte === backslash || byte === quote) return undefined;
    this.at = at + 2;
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

  /** A time of RFC 3339 in UTC with at most nine decimals, and the quote behind it. */
  instant(): Nanos | undefined {
    const bytes = this.bytes;
    const end = bytes.length;
    let at = this.at;
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
