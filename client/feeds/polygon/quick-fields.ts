import type { Nanos } from '../../../market/event.ts';
import { asciiText, type JsonScan } from '../feed.ts';
import { decimalShape } from './values.ts';

/** Where each field is kept. */
export const slot = {
  sym: 0, pair: 1, x: 2, i: 3, z: 4, p: 5, s: 6, ds: 7, c: 8, t: 9, q: 10, trfi: 11, trft: 12, pt: 13, r: 14, bx: 15, bp: 16, bs: 17,
  ax: 18, ap: 19, as: 20, bt: 21, at: 22,
} as const; // prettier-ignore
const names = Object.keys(slot);
/** Slots by the bytes of a name of at most four letters, as a number. */
const slotByCode = new Map(Object.entries(slot).map(([name, at]) => [codeOf(name), at]));

/** How each event begins. */
const opening = Buffer.from('{"ev":"');
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openList = 0x5b;
const closeList = 0x5d;
const closeObject = 0x7d;
const absent = 0;
const isNumber = 1;
const isText = 2;
const isList = 3;
const longestName = 4;
/** The last millisecond whose nanoseconds 64 bits hold. */
const lastMilli = 9_223_372_036_854;

/** The fields of one trade or quote, told by their usual types; `odd` when any is not, which is for a reader with more patience. */
export class QuickFields {
  odd = false;
  readonly #kinds = new Uint8Array(names.length);
  readonly #numbers = new Float64Array(names.length);
  readonly #texts: string[] = names.map(() => '');
  readonly #lists: (readonly number[])[] = names.map(() => []);
  #milli = 0;
  #nanos = 0n;

  /** The type of the element that begins here: its first field, as the vendor has it. */
  open(scan: JsonScan): string | undefined {
    const { bytes, at } = scan;
    for (let index = 0; index < opening.length; index++) {
      if (bytes[at + index] !== opening[index]) return undefined;
    }
    scan.at = at + opening.length;
    return scan.word();
  }

  /** The rest of the element; whether it could be read. */
  read(scan: JsonScan): boolean {
    this.#kinds.fill(absent);
    this.odd = false;
    for (;;) {
      const next = byteOf(scan);
      if (next === closeObject) return true;
      if (next !== comma || byteOf(scan) !== quote) return false;
      const at = this.#slotOf(scan);
      // Twice the same field is for a reader that knows which one counts.
      if (at === undefined || this.#kinds[at] !== absent || byteOf(scan) !== colon || !this.#value(scan, at))
        return false;
    }
  }

  number(at: number): number {
    return this.maybeNumber(at) ?? this.#oddly(0);
  }

  maybeNumber(at: number): number | undefined {
    return this.#is(at, isNumber) ? this.#numbers[at] : undefined;
  }

  whole(at: number): number | undefined {
    const value = this.maybeNumber(at);
    return value === undefined || Number.isInteger(value) ? value : this.#oddly(value);
  }

  millis(at: number): Nanos {
    return this.maybeMillis(at) ?? this.#oddly(0n);
  }

  maybeMillis(at: number): Nanos | undefined {
    const value = this.whole(at);
    if (value === undefined) return undefined;
    if (value > lastMilli) return this.#oddly(0n);
    // Most events share their millisecond with the one before.
    if (value !== this.#milli) {
      this.#milli = value;
      this.#nanos = BigInt(value) * 1_000_000n;
    }
    return this.#nanos;
  }

  text(at: number): string {
    return this.maybeText(at) || this.#oddly('');
  }

  maybeText(at: number): string | undefined {
    return this.#is(at, isText) ? this.#texts[at] : undefined;
  }

  list(at: number): readonly number[] {
    return this.#is(at, isList) ? (this.#lists[at] ?? []) : [];
  }

  /** A size, with its fraction where there is one as text. */
  amount(whole: number, decimal: number): number {
    const rounded = this.maybeNumber(whole);
    const text = this.maybeText(decimal);
    if (text === undefined) return rounded ?? this.#oddly(0);
    return decimalShape.test(text) ? Number(text) : this.#oddly(0);
  }

  #is(at: number, kind: number): boolean {
    if (this.#kinds[at] === kind) return true;
    if (this.#kinds[at] !== absent) this.odd = true;
    return false;
  }

  #oddly<Value>(value: Value): Value {
    this.odd = true;
    return value;
  }

  #slotOf(scan: JsonScan): number | undefined {
    let code = 0;
    for (let length = 0; length <= longestName; length++) {
      const byte = byteOf(scan);
      if (byte === quote) return slotByCode.get(code);
      code = code * 256 + byte;
    }
    return undefined;
  }

  #value(scan: JsonScan, at: number): boolean {
    const first = scan.bytes[scan.at];
    if (first === quote) {
      scan.at++;
      const text = at === slot.i ? freshWord(scan) : scan.word();
      if (text === undefined) return false;
      this.#texts[at] = text;
      this.#kinds[at] = isText;
      return true;
    }
    if (first === openList) {
      const list = wholes(scan);
      if (list === undefined) return false;
      this.#lists[at] = list;
      this.#kinds[at] = isList;
      return true;
    }
    const number = scan.number();
    if (number < 0) return false;
    this.#numbers[at] = number;
    this.#kinds[at] = isNumber;
    return true;
  }
}

/** The byte here, and steps over it; -1 at the end. */
function byteOf(scan: JsonScan): number {
  return scan.bytes[scan.at++] ?? -1;
}

/** A text behind its first quote that never comes again, an id: not worth remembering. */
function freshWord(scan: JsonScan): string | undefined {
  const { bytes, at: from } = scan;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) {
      scan.at = at + 1;
      return asciiText(bytes, from, at);
    }
    if (byte < 0x20 || byte > 0x7e || byte === backslash) return undefined;
  }
  return undefined;
}

function wholes(scan: JsonScan): readonly number[] | undefined {
  const list: number[] = [];
  scan.at++;
  if (scan.bytes[scan.at] === closeList) {
    scan.at++;
    return list;
  }
  for (;;) {
    const number = scan.number();
    if (!Number.isInteger(number) || number < 0) return undefined;
    list.push(number);
    const next = byteOf(scan);
    if (next === closeList) return list;
    if (next !== comma) return undefined;
  }
}

function codeOf(name: string): number {
  let code = 0;
  for (const byte of Buffer.from(name)) code = code * 256 + byte;
  return code;
}
