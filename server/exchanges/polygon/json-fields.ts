import type { Bar, FairValue, Market, Nanos, TapeLetter } from '../../../market/event.ts';
import { floorTo, milli, minute, second } from '../../../market/nanos.ts';
import { type ByteWriter, openings, type Snippet, snippet } from '../exchange.ts';
import { conditionId } from './codes.ts';
import type { Word } from './json-encoder.ts';
import { prefixedTicker } from './symbols.ts';

const key = {
  c: snippet(',"c":'),
  cs: snippet(',"c":['),
  o: snippet(',"o":'),
  h: snippet(',"h":'),
  l: snippet(',"l":'),
  s: snippet(',"s":'),
  e: snippet(',"e":'),
  t: snippet(',"t":'),
};
const emptyList = snippet('[]');

/** Opens an event: its type, and its ticker under the name that its kind has for it. */
export function opening(
  ev: string,
  ticker: 'sym' | 'T' | 'pair' | 'p',
  spelt: (symbol: string) => string,
): (symbol: string, out: ByteWriter) => void {
  return openings((symbol) => `{"ev":"${ev}","${ticker}":${JSON.stringify(spelt(symbol))}`);
}

/** A number; nothing at all where there is none. */
export function maybe(name: Snippet, value: number | undefined, out: ByteWriter): void {
  if (value === undefined) return;
  out.put(name);
  out.number(value);
}

/** Whole, downwards: the stock clusters have integers where tapes have fractions (sheet §9, mapping). */
export function whole(name: Snippet, value: number | undefined, out: ByteWriter): void {
  if (value === undefined) return;
  out.put(name);
  out.number(value > 0 ? Math.floor(value) : 0);
}

/** An instant in milliseconds since 1970. */
export function millis(name: Snippet, at: Nanos, out: ByteWriter): void {
  out.put(name);
  out.number(millisOf(at));
}

/** The second reached: neighbouring events share it, and dividing a bigint costs more than spelling the number. */
const reached = { at: 0n, millis: 0 };

function millisOf(at: Nanos): number {
  let into = Number(at - reached.at);
  if (into < 0 || into >= 1e9) {
    reached.at = floorTo(at, second);
    reached.millis = Number(reached.at / milli);
    into = Number(at - reached.at);
  }
  return reached.millis + Math.floor(into / 1e6);
}

/** An instant that not every tape knows, moved like all others. */
export function maybeMillis(name: Snippet, at: Nanos | undefined, shift: Nanos, out: ByteWriter): void {
  if (at !== undefined) millis(name, at + shift, out);
}

/** An instant in nanoseconds, as raw digits: no double holds them (sheet §5). */
export function nanos(name: Snippet, at: Nanos, out: ByteWriter): void {
  out.put(name);
  out.ascii(String(at));
}

const pointZero = snippet('.0');

/** A decimal amount as text: `"120.0"`, `"0.25"` (sheet §5, `ds`, `dv` and `dav`). */
export function decimal(name: Snippet, value: number, out: ByteWriter): void {
  out.put(name);
  out.u8(0x22);
  // JSON would write anything smaller with an exponent.
  if (value < 1e-6 && !Number.isInteger(value)) out.ascii(value.toFixed(12).replace(/0+$/, ''));
  else out.number(value);
  if (Number.isInteger(value)) out.put(pointZero);
  out.u8(0x22);
}

/** The ids of trade conditions. Nothing at all where there are none, unless the cluster has an empty list for that. */
export function conditions(
  market: Market,
  codes: readonly string[],
  tape: TapeLetter | undefined,
  out: ByteWriter,
): void {
  let separator = key.cs;
  for (const code of codes) {
    const id = conditionId(market, code, tape);
    if (id === undefined) continue;
    out.put(separator);
    separator = comma;
    out.number(id);
  }
  if (separator === comma) out.u8(0x5d);
}
const comma = snippet(',');

export function list(name: Snippet, values: readonly number[], out: ByteWriter): void {
  out.put(name);
  if (values.length === 0) return out.put(emptyList);
  for (let i = 0; i < values.length; i++) {
    out.u8(i === 0 ? 0x5b : 0x2c);
    out.number(values[i] ?? 0);
  }
  out.u8(0x5d);
}

/** Open, close, high and low, in the order of the stock clusters. */
export function prices({ open, high, low, close }: Bar, out: ByteWriter): void {
  maybe(key.o, open, out);
  maybe(key.c, close, out);
  maybe(key.h, high, out);
  maybe(key.l, low, out);
}

/** Start and exclusive end of a bar's window (sheet §5): still whole seconds or minutes when moved by any span. */
export function span({ kind, start }: Bar, shift: Nanos, out: ByteWriter): void {
  const length = kind === 'second-bar' ? second : minute;
  const from = shift === 0n ? start : floorTo(start + shift, length);
  millis(key.s, from, out);
  millis(key.e, from + length, out);
}

/** Mean size of a bar's trades, whole because Go drops a bar with any other (sheet §5, type traps). */
export function meanSize({ averageSize, volume, trades }: Bar): number | undefined {
  return averageSize ?? (trades > 0 ? volume / trades : undefined);
}

/** Fair market values are spelt alike on every cluster, in nanoseconds as documented (sheet §5). */
export function fairValueWord(market: Market): Word<FairValue> {
  const sym = openings((symbol) => `,"sym":${JSON.stringify(prefixedTicker(market, symbol))}`);
  const open = snippet('{"ev":"FMV","fmv":');
  return (event, shift, out) => {
    out.put(open);
    out.number(event.value);
    sym(event.symbol, out);
    nanos(key.t, event.at + shift, out);
    out.u8(0x7d);
  };
}
