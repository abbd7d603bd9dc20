import type { Bar, Nanos } from '../../../market/event.ts';
import { type ByteWriter, snippet } from '../exchange.ts';
import { largestVolume, openings, wholeUpTo } from './neutral.ts';

const key = {
  h: snippet(',"h":'),
  l: snippet(',"l":'),
  c: snippet(',"c":'),
  v: snippet(',"v":'),
  n: snippet('","n":'),
  vw: snippet(',"vw":'),
};

/** What stands before a time that follows another field, and after one that ends its event. */
export const timeKey = snippet(',"t":"');
export const endOfTime = snippet('"}');

/** Writes what an event of one kind begins with, up to and with the key of its first own field. */
export type Opening = (symbol: string, out: ByteWriter) => void;

/** Makes the opening of one kind, of its type and the key of its first own field. */
export type Head = (type: string, first: string) => Opening;

/** On streams every event tells its type and its symbol. */
export const opening: Head = (type, first) =>
  openings((symbol) => `{"T":"${type}","S":${JSON.stringify(symbol)},"${first}":`);

/** Rows of REST do not: their answer says it elsewhere (sheet §7). */
export const bareOpening: Head = (_type, first) => {
  const bytes = snippet(`{"${first}":`);
  return (_symbol, out) => out.put(bytes);
};

/** A bar from its opening price on: the same on every stream, but for how its volume is rounded. */
export function writeBar(bar: Bar, start: Nanos, volume: number, out: ByteWriter): void {
  out.number(bar.open);
  out.put(key.h);
  out.number(bar.high);
  out.put(key.l);
  out.number(bar.low);
  out.put(key.c);
  out.number(bar.close);
  out.put(key.v);
  out.number(volume);
  out.put(timeKey);
  out.rfc3339(start);
  out.put(key.n);
  out.number(wholeUpTo(largestVolume, bar.trades));
  out.put(key.vw);
  out.number(bar.vwap);
  out.u8(0x7d);
}
