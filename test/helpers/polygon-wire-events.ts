import { z } from 'zod';
import type { MarketEvent, Nanos, TapeLetter } from '../../market/event.ts';
import { bar, quote, trade } from './events.ts';

/** An element of a frame as a transcript has it. */
export type WireElement = Readonly<Record<string, unknown>>;

const { string: text, number } = z;
const instant = number().transform((value): Nanos => BigInt(value) * 1_000_000n);
const price = z.object({ p: number(), s: number(), t: instant, q: number().optional() });
const sides = z.object({ bp: number(), bs: number(), ap: number(), as: number(), t: instant });
const window = z.object({ o: number(), h: number(), l: number(), c: number(), s: instant, e: instant });
const tapes: Readonly<Record<number, TapeLetter>> = { 1: 'A', 2: 'B', 3: 'C' };
/** Of the letters of the SIPs those that the transcripts need. */
const exchanges: Readonly<Record<number, string>> = { 4: 'D', 11: 'P', 12: 'T' };
const conditions: Readonly<Record<number, string>> = { 12: 'T', 37: 'I' };

/** The event behind an element of a transcript of any cluster, read without the product's own code; `undefined` for a status. */
export function eventOn(path: string, element: WireElement): MarketEvent | undefined {
  const [cluster = ''] = path.split('/').filter((part) => part !== '');
  const read = readers[cluster]?.[text().parse(element['ev'])];
  return read?.(element);
}

type Reader = (element: WireElement) => MarketEvent;
const unsaid = { exchange: undefined, conditions: [], tape: undefined } as const;

const readers: Readonly<Record<string, Readonly<Record<string, Reader>>>> = {
  stocks: {
    T: (element) => {
      const { p, s, t, q } = price.parse(element);
      const shape = z.object({
        sym: text(),
        x: number(),
        i: text(),
        z: number(),
        c: z.array(number()).default([]),
        trfi: number().optional(),
        trft: instant.optional(),
      });
      const { sym: symbol, x, i: id, z: tape, c, trfi: trfId, trft: trfAt } = shape.parse(element);
      const codes = { exchange: exchanges[x], conditions: c.map((code) => conditions[code] ?? '?'), tape: tapes[tape] };
      return trade(t, { symbol, id, price: p, size: s, sequence: q, ...codes, trfId, trfAt });
    },
    AM: (element) => {
      const shape = z.object({
        sym: text(),
        v: number(),
        av: number(),
        op: number(),
        vw: number(),
        a: number(),
        z: number(),
      });
      const {
        sym: symbol,
        v: volume,
        av: dayVolume,
        op: dayOpen,
        vw: vwap,
        a: dayVwap,
        z: averageSize,
      } = shape.parse(element);
      return minute(element, { symbol, volume, dayVolume, dayOpen, vwap, dayVwap, averageSize });
    },
  },
  options: {
    T: (element) => {
      const { p, s, t, q } = price.parse(element);
      const { sym, x, c } = z.object({ sym: text(), x: number(), c: z.array(number()) }).parse(element);
      const codes = { exchange: String(x), conditions: c.map(String), tape: undefined };
      return trade(t, { market: 'options', symbol: sym.replace('O:', ''), price: p, size: s, sequence: q, ...codes });
    },
  },
  indices: {
    V: (element) => {
      const { val, T, t } = z.object({ val: number(), T: text(), t: instant }).parse(element);
      return { kind: 'value', market: 'indices', symbol: T.replace('I:', ''), at: t, value: val };
    },
    AM: (element) => {
      const { sym, op } = z.object({ sym: text(), op: number() }).parse(element);
      return minute(element, { market: 'indices', symbol: sym.replace('I:', ''), dayOpen: op, volume: 0, trades: 0 });
    },
  },
  crypto: {
    XT: (element) => {
      const { p, s, t } = price.parse(element);
      const shape = z.object({ pair: text(), c: z.tuple([number()]), i: text(), x: number(), r: instant });
      const { pair, c, i: id, x, r: receivedAt } = shape.parse(element);
      const taker = c[0] === 2 ? 'buy' : 'sell';
      const said = { id, price: p, size: s, taker, receivedAt, ...unsaid, exchange: String(x) } as const;
      return trade(t, { market: 'crypto', symbol: pair.replace('-', '/'), ...said });
    },
    XQ: (element) => {
      const { bp, bs, ap, as, t } = sides.parse(element);
      const { pair, x, r: receivedAt } = z.object({ pair: text(), x: number(), r: instant }).parse(element);
      const prices = { bidPrice: bp, bidSize: bs, askPrice: ap, askSize: as };
      const venue = { bidExchange: String(x), askExchange: String(x), receivedAt, conditions: [], tape: undefined };
      return quote(t, { market: 'crypto', symbol: pair.replace('-', '/'), ...prices, ...venue });
    },
    XA: (element) => {
      const shape = z.object({ pair: text(), v: number(), vw: number(), z: number() });
      const { pair, v: volume, vw: vwap, z: averageSize } = shape.parse(element);
      return minute(element, { market: 'crypto', symbol: pair.replace('-', '/'), volume, vwap, averageSize });
    },
  },
  futures: {
    T: (element) => {
      const { p, s, t, q } = price.parse(element);
      const { sym: symbol } = z.object({ sym: text() }).parse(element);
      return trade(t, { market: 'futures', symbol, price: p, size: s, sequence: q, ...unsaid });
    },
    Q: (element) => {
      const { bp, bs, ap, as, t } = sides.parse(element);
      const { sym: symbol, bt: bidAt, at: askAt } = z.object({ sym: text(), bt: instant, at: instant }).parse(element);
      const prices = { bidPrice: bp, bidSize: bs, askPrice: ap, askSize: as, bidAt, askAt };
      return quote(t, { market: 'futures', symbol, ...prices, conditions: [], tape: undefined });
    },
  },
};

function minute(element: WireElement, given: Parameters<typeof bar>[3]): MarketEvent {
  const { o, h, l, c, s, e } = window.parse(element);
  return bar('bar', s, e, { open: o, high: h, low: l, close: c, ...given });
}
