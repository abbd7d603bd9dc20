import type { Nanos } from '../../market/event.ts';
import { day, floorTo, milli } from '../../market/nanos.ts';

const quote = 0x22;
const dot = 0x2e;
const colon = 0x3a;
const zulu = 0x5a;
/** `000` to `999`, each as the upper three bytes of a word. */
const threeDigits = Uint32Array.from({ length: 1000 }, (_, value) =>
  wordAt(Buffer.from(String(value).padStart(3, '0')), 0),
);

/**
 * RFC 3339 text of the second written last, with its dot: neighbouring events share it, or at least its day, and so do the many writers of
 * a page.
 */
const lastSecond = { at: -(2n ** 62n), day: -(2n ** 62n), text: snippet('') };

/** Up to here `range` copies by words. */
const longestInWords = 256;
const noView: DataView = new DataView(new ArrayBuffer(0));

/** Text or bytes made ready to be written often: cut into words, the last filled up with zeros. */
export interface Snippet {
  readonly words: Uint32Array;
  readonly length: number;
}

export function snippet(content: string | Uint8Array): Snippet {
  const bytes = Buffer.from(content);
  const words = Uint32Array.from({ length: Math.ceil(bytes.length / 4) }, (_, index) => wordAt(bytes, index * 4));
  return { words, length: bytes.length };
}

/**
 * Writes wire text and numbers straight into one growing Buffer. The hot path of every exchange: an event becomes
 * bytes once, without a string, an object or a Date in between. Words of four bytes, not bytes, because each store costs about the
 * same; a word may run up to three bytes past what it means to write, which the next write covers.
 */
export class ByteWriter {
  bytes: Buffer;
  length = 0;
  #view: DataView;
  // The source of the last range, because ranges come many from one.
  #source: Buffer | undefined;
  #sourceView = noView;

  constructor(capacity = 1 << 16) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.#view = viewOf(this.bytes);
  }

  /** Makes room for `count` more bytes. Writers of variable size call it; everything below does. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + count));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
    this.#view = viewOf(grown);
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  u16(value: number): void {
    this.reserve(2);
    this.#view.setUint16(this.length, value);
    this.length += 2;
  }

  u32(value: number): void {
    this.reserve(4);
    this.#view.setUint32(this.length, value);
    this.length += 4;
  }

  u64(value: bigint): void {
    this.reserve(8);
    this.#view.setBigUint64(this.length, value);
    this.length += 8;
  }

  f64(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.length, value);
    this.length += 8;
  }

  /** Bytes made ready before. */
  put({ words, length }: Snippet): void {
    const count = words.length;
    this.reserve(count * 4);
    for (let i = 0, at = this.length; i < count; i++, at += 4) this.#view.setUint32(at, words[i] ?? 0);
    this.length += length;
  }

  /** Part of other bytes. */
  range(source: Buffer, start: number, end: number): void {
    this.reserve(end - start + 8);
    // A call of copy costs as much as moving an event or two in words; those run past the end, as long as there is one.
    if (end - start > longestInWords || end + 8 > source.length) {
      this.length += source.copy(this.bytes, this.length, start, end);
      return;
    }
    if (source !== this.#source) {
      this.#source = source;
      this.#sourceView = viewOf(source);
    }
    const [from, to] = [this.#sourceView, this.#view];
    for (let at = start, put = this.length; at < end; at += 8, put += 8) {
      to.setUint32(put, from.getUint32(at));
      to.setUint32(put + 4, from.getUint32(at + 4));
    }
    this.length += end - start;
  }

  /** Text known to be ASCII: names, codes, digits. */
  ascii(text: string): void {
    const { length } = text;
    this.reserve(length);
    const { bytes } = this;
    let at = this.length;
    if (length < 24) for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i);
    else at += bytes.write(text, at, 'latin1');
    this.length = at;
  }

  /** Text that may be ASCII; false, and nothing written, when it is not. */
  asciiOnly(text: string): boolean {
    const { length } = text;
    this.reserve(length);
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return false;
      bytes[at++] = code;
    }
    this.length = at;
    return true;
  }

  /** Any text, as UTF-8. Returns the number of bytes. */
  utf8(text: string): number {
    this.reserve(text.length * 3);
    const written = this.bytes.write(text, this.length, 'utf8');
    this.length += written;
    return written;
  }

  /** A JSON string with its quotes. */
  jsonString(text: string): void {
    const { length } = text;
    this.reserve(length + 2);
    const { bytes } = this;
    let at = this.length;
    bytes[at++] = quote;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      // Symbols and codes never need escaping; headlines may.
      if (code < 0x20 || code > 0x7e || code === quote || code === 0x5c) return void this.utf8(JSON.stringify(text));
      bytes[at++] = code;
    }
    bytes[at++] = quote;
    this.length = at;
  }

  /** A number exactly as JSON.stringify spells it. */
  number(value: number): void {
    if (Number.isInteger(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return this.#integer(value);
    // Prices have few decimals. If value·10⁶ is a whole number that divides back to the same double, its digits are the shortest
    // spelling of it: below 4·10⁹ neighbouring doubles lie closer than a millionth.
    const millionths = Math.round(value * 1e6);
    if (millionths > 0 && millionths < 4e15 && millionths / 1e6 === value) {
      const whole = Math.floor(value);
      const fraction = millionths - whole * 1e6;
      this.#integer(whole);
      this.reserve(12);
      this.bytes[this.length++] = dot;
      const high = Math.floor(fraction / 1000);
      const low = fraction - high * 1000;
      if (low === 0) return this.#trimmed(high);
      this.#three(high);
      return this.#trimmed(low);
    }
    this.ascii(JSON.stringify(value));
  }

  /** A text of decimal digits as it stands; false, and nothing written, when it is anything else. */
  digits(text: string): boolean {
    const { length } = text;
    this.reserve(length);
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x30 || code > 0x39) return false;
      bytes[at++] = code;
    }
    this.length = at;
    return length > 0;
  }

  /** RFC 3339 in UTC, up to nine decimals, trailing zeros trimmed: `2026-07-01T14:30:00.1301Z`. Years 0 to 9999. */
  rfc3339(at: Nanos): void {
    let nanos = Number(at - lastSecond.at);
    if (nanos < 0 || nanos >= 1e9) nanos = spellSecond(at);
    this.reserve(40);
    this.put(lastSecond.text);
    if (nanos === 0) this.length--;
    else {
      const millis = Math.floor(nanos / 1e6);
      const below = nanos - millis * 1e6;
      const micros = Math.floor(below / 1000);
      const rest = below - micros * 1000;
      if (below === 0) this.#trimmed(millis);
      else {
        this.#three(millis);
        if (rest === 0) this.#trimmed(micros);
        else {
          this.#three(micros);
          this.#trimmed(rest);
        }
      }
    }
    this.bytes[this.length++] = zulu;
  }

  #integer(value: number): void {
    if (value >= 1000) {
      const thousands = Math.floor(value / 1000);
      this.#integer(thousands);
      return this.#three(value - thousands * 1000);
    }
    this.reserve(4);
    const width = value < 10 ? 1 : value < 100 ? 2 : 3;
    // Shifting the leading zeros out leaves the digits first.
    this.#view.setUint32(this.length, (threeDigits[value] ?? 0) << (8 * (3 - width)));
    this.length += width;
  }

  /** Three digits with their leading zeros. */
  #three(value: number): void {
    this.reserve(4);
    this.#view.setUint32(this.length, threeDigits[value] ?? 0);
    this.length += 3;
  }

  /** Three digits without their trailing zeros. */
  #trimmed(value: number): void {
    this.#three(value);
    if (value % 10 === 0) this.length -= value % 100 === 0 ? 2 : 1;
  }
}

/**
 * Makes the last second the one that holds this instant; returns the nanoseconds into it. Bars come a minute apart, so within a day only
 * the digits of its time change.
 */
function spellSecond(at: Nanos): number {
  let intoDay = Number(at - lastSecond.day);
  if (intoDay < 0 || intoDay >= 86_400e9) {
    lastSecond.day = floorTo(at, day);
    lastSecond.text = snippet(new Date(Number(lastSecond.day / milli)).toISOString().replace(/\d{3}Z$/, ''));
    intoDay = Number(at - lastSecond.day);
  }
  const seconds = Math.floor(intoDay / 1e9);
  const nanos = intoDay - seconds * 1e9;
  lastSecond.at = at - BigInt(nanos);
  const minutes = Math.floor(seconds / 60);
  const [h, m, s] = [twoDigits(Math.floor(minutes / 60)), twoDigits(minutes % 60), twoDigits(seconds % 60)];
  // `2026` `-07-` `01Th` `h:mm` `:ss.`
  const { words } = lastSecond.text;
  words[2] = ((words[2] ?? 0) & 0xffffff00) | (h >> 8);
  words[3] = ((h & 0xff) << 24) | (colon << 16) | m;
  words[4] = (colon << 24) | (s << 8) | dot;
  return nanos;
}

const twoDigits = (value: number): number => ((0x30 + Math.floor(value / 10)) << 8) | (0x30 + (value % 10));

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Four bytes from `at` as one big-endian word; those past the end are zero. */
function wordAt(bytes: Uint8Array, at: number): number {
  const byte = (index: number): number => bytes[at + index] ?? 0;
  return ((byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3)) >>> 0;
}
