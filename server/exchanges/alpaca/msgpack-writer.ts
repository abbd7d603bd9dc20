import type { Nanos } from '../../../market/event.ts';
import { type ByteWriter, type Snippet, snippet } from '../exchange.ts';

const second = 1_000_000_000n;

/** What control messages are made of. */
export type Plain = string | number | readonly Plain[] | { readonly [key: string]: Plain };

/** Starts a map of up to 15 keys; no message of Alpaca's has more. */
export function writeMap(keys: number, out: ByteWriter): void {
  out.u8(0x80 | keys);
}

export function writeArray(count: number, out: ByteWriter): void {
  if (count < 16) return out.u8(0x90 | count);
  if (count <= 0xffff) {
    out.u8(0xdc);
    return out.u16(count);
  }
  out.u8(0xdd);
  out.u32(count);
}

/** How events stand in a frame that is one MessagePack array, whose head counts them. */
export const msgpackArray = {
  opcode: 'binary',
  single: false,
  open: writeArray,
  separate: (): void => undefined,
  close: (): void => undefined,
} as const;

/** Text in its shortest form. */
export function writeText(text: string, out: ByteWriter): void {
  const { length } = text;
  if (length < 32) {
    // One letter or one ticker, nearly always: tried as ASCII, because measuring UTF-8 costs more than writing it.
    const start = out.length;
    out.u8(0xa0 | length);
    if (out.asciiOnly(text)) return;
    out.length = start;
  }
  const bytes = Buffer.byteLength(text);
  if (bytes < 32) out.u8(0xa0 | bytes);
  else if (bytes <= 0xff) {
    out.u8(0xd9);
    out.u8(bytes);
  } else if (bytes <= 0xffff) {
    out.u8(0xda);
    out.u16(bytes);
  } else {
    out.u8(0xdb);
    out.u32(bytes);
  }
  out.utf8(text);
}

/** A key, ready to be written; `then` is the head of a value whose kind never changes. */
export function keySnippet(key: string, ...then: number[]): Snippet {
  return snippet(Buffer.from([0xa0 | key.length, ...Buffer.from(key), ...then]));
}

/** A whole number ≥ 0 in its shortest form, never a float: the Go SDK refuses floats for ids, sizes and counts (sheet §2.2). */
export function writeWhole(value: number | bigint, out: ByteWriter): void {
  if (typeof value === 'bigint') return writeWholeBig(value, out);
  if (value < 128) return out.u8(value);
  if (value <= 0xff) {
    out.u8(0xcc);
    return out.u8(value);
  }
  if (value <= 0xffff) {
    out.u8(0xcd);
    return out.u16(value);
  }
  if (value <= 0xffffffff) {
    out.u8(0xce);
    return out.u32(value);
  }
  out.u8(0xcf);
  out.u32(Math.floor(value / 2 ** 32));
  out.u32(value >>> 0);
}

function writeWholeBig(value: bigint, out: ByteWriter): void {
  if (value <= 0xffffffffn) return writeWhole(Number(value), out);
  out.u8(0xcf);
  out.u64(value);
}

/** Head of a price: always a float, as a server whose prices are float64 writes them. */
export const float64 = 0xcb;

/** A control message, key by key. */
export function writePlain(value: Plain, out: ByteWriter): void {
  if (typeof value === 'string') writeText(value, out);
  else if (typeof value === 'number') writeWhole(value, out);
  else if (isList(value)) {
    writeArray(value.length, out);
    for (const item of value) writePlain(item, out);
  } else {
    const entries = Object.entries(value);
    writeMap(entries.length, out);
    for (const [key, item] of entries) {
      writeText(key, out);
      writePlain(item, out);
    }
  }
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

/**
 * Writes timestamps as extension type -1 in the shortest of its three forms: 4 bytes for whole seconds (as bars have), 8 with
 * nanoseconds, 12 outside the years 1970 to 2514. Keeps the second written last, because neighbouring events share it.
 */
export function timestampWriter(): (at: Nanos, out: ByteWriter) => void {
  let start = 0n;
  let seconds = 0;
  return (at, out) => {
    let nanos = Number(at - start);
    if (nanos < 0 || nanos >= 1e9) {
      start = at - (((at % second) + second) % second);
      seconds = Number(start / second);
      nanos = Number(at - start);
    }
    if (seconds < 0 || seconds >= 2 ** 34) return writeLongTime(BigInt(seconds), nanos, out);
    if (nanos === 0 && seconds <= 0xffffffff) {
      out.u16(0xd6ff);
      return out.u32(seconds);
    }
    out.u16(0xd7ff);
    out.u32(nanos * 4 + Math.floor(seconds / 2 ** 32));
    out.u32(seconds >>> 0);
  };
}

function writeLongTime(seconds: bigint, nanos: number, out: ByteWriter): void {
  out.u16(0xc70c);
  out.u8(0xff);
  out.u32(nanos);
  out.u64(BigInt.asUintN(64, seconds));
}
