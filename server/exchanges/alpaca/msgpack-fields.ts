import { ByteWriter, type Snippet } from '../exchange.ts';
import { writeArray, writeMap, writeText, writeWhole } from './msgpack-writer.ts';
import { openings, wholeUpTo } from './neutral.ts';

/** A field whose value is text. */
export function text(name: Snippet, value: string, out: ByteWriter): void {
  out.put(name);
  writeText(value, out);
}

/** A field whose value is a float; its head is part of the key. */
export function price(name: Snippet, value: number, out: ByteWriter): void {
  out.put(name);
  out.f64(value);
}

/** A field whose value is a whole number from 0 to `most`. */
export function whole(name: Snippet, value: number, most: number, out: ByteWriter): void {
  out.put(name);
  writeWhole(wholeUpTo(most, value), out);
}

/** A field whose value is a list of texts. */
export function texts(name: Snippet, list: readonly string[], out: ByteWriter): void {
  out.put(name);
  writeArray(list.length, out);
  for (let i = 0; i < list.length; i++) writeText(list[i] ?? '', out);
}

/** Writes what an event of one kind begins with: a map of so many keys, up to and with the key of its first own field. */
export type Opening = (symbol: string, out: ByteWriter) => void;

/** `then` is the head of the first field's value, when its kind never changes. */
export function opening(keys: number, type: string, first: string, ...then: number[]): Opening {
  return openings((symbol) => {
    const out = new ByteWriter(64);
    writeMap(keys, out);
    for (const part of ['T', type, 'S', symbol, first]) writeText(part, out);
    for (const byte of then) out.u8(byte);
    return out.bytes.subarray(0, out.length);
  });
}
