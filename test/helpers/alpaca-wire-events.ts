import { z } from 'zod';
import type { BarKind, MarketEvent, Nanos } from '../../market/event.ts';
import { unknownOfBar } from '../../market/unknown.ts';

/** An element of a frame as a transcript has it. */
export type WireElement = Readonly<Record<string, unknown>>;

const text = z.string();
const number = z.number();
const texts = z.array(z.string());
const tape = z.enum(['A', 'B', 'C', 'O']);
/** Read without the product's own code: whole seconds by Date, the fraction digit by digit. */
export const instant = z.string().transform((value): Nanos => {
  const [, seconds = '', fraction = ''] = /^(.{19})(?:\.(\d{1,9}))?Z$/.exec(value) ?? [];
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
});
const common = { S: text, t: instant, z: tape };
export const barFields = z.object({
  S: text,
  o: number,
  h: number,
  l: number,
  c: number,
  v: number,
  t: instant,
  n: number,
  vw: number,
});
export const barKinds: Readonly<Record<string, BarKind>> = { b: 'bar', u: 'updated-bar', d: 'daily-bar' };
export const unknown = {
  sequence: undefined,
  participantAt: undefined,
  trfAt: undefined,
  receivedAt: undefined,
  reportSequence: undefined,
  session: undefined,
} as const;
/**
 * The event behind an element of a stock stream's transcript, or `undefined` when the element is a control message. A bar carries
 * no time of publishing, so the caller gives it.
 */
export function eventOf(element: WireElement, publishedAt?: Nanos): MarketEvent | undefined {
  const type = text.parse(element['T']);
  const read = readers[type];
  if (read !== undefined) return read(element);
  const kind = barKinds[type];
  if (kind === undefined) return undefined;
  const { S, o, h, l, c, v, t, n, vw } = barFields.parse(element);
  const fields = { open: o, high: h, low: l, close: c, volume: v, trades: n, vwap: vw, ...unknownOfBar };
  return { kind, market: 'stocks', symbol: S, at: publishedAt ?? t + 60_400_000_000n, start: t, ...fields };
}

const readers: Readonly<Record<string, (element: WireElement) => MarketEvent>> = {
  t: (element) => {
    const {
      S,
      t,
      z: letter,
      i,
      x,
      p,
      s,
      c,
    } = z.object({ ...common, i: number, x: text, p: number, s: number, c: texts }).parse(element);
    const fields = { id: String(i), exchange: x, price: p, size: s, conditions: c, tape: letter };
    return {
      kind: 'trade',
      market: 'stocks',
      symbol: S,
      at: t,
      ...fields,
      ...unknown,
      trfId: undefined,
      taker: undefined,
      correction: undefined,
    };
  },
  q: (element) => {
    const shape = z.object({ ...common, bx: text, bp: number, bs: number, ax: text, ap: number, as: number, c: texts });
    const { S, t, z: letter, bx, bp, bs, ax, ap, as, c } = shape.parse(element);
    const bid = { bidPrice: bp, bidSize: bs, bidExchange: bx };
    const ask = { askPrice: ap, askSize: as, askExchange: ax };
    return {
      kind: 'quote',
      market: 'stocks',
      symbol: S,
      at: t,
      ...bid,
      ...ask,
      conditions: c,
      indicators: [],
      tape: letter,
      ...unknown,
      bidAt: undefined,
      askAt: undefined,
    };
  },
  c: (element) => {
    const {
      S,
      t,
      z: letter,
      x,
      ...rest
    } = z
      .object({
        ...common,
        x: text,
        oi: number,
        op: number,
        os: number,
        oc: texts,
        ci: number,
        cp: number,
        cs: number,
        cc: texts,
      })
      .parse(element);
    const original = { id: String(rest.oi), price: rest.op, size: rest.os, conditions: rest.oc };
    const corrected = { id: String(rest.ci), price: rest.cp, size: rest.cs, conditions: rest.cc };
    return { kind: 'correction', market: 'stocks', symbol: S, at: t, exchange: x, original, corrected, tape: letter };
  },
  x: (element) => {
    const shape = z.object({ ...common, i: number, x: text, p: number, s: number, a: z.enum(['C', 'E']) });
    const { S, t, z: letter, i, x, p, s, a } = shape.parse(element);
    return {
      kind: 'cancel',
      market: 'stocks',
      symbol: S,
      at: t,
      id: String(i),
      exchange: x,
      price: p,
      size: s,
      action: a,
      tape: letter,
    };
  },
  l: (element) => {
    const { S, t, z: letter, u, d, i } = z.object({ ...common, u: number, d: number, i: text }).parse(element);
    const unsaid = { indicators: undefined, sequence: undefined };
    return { kind: 'luld', market: 'stocks', symbol: S, at: t, up: u, down: d, indicator: i, tape: letter, ...unsaid };
  },
  s: (element) => {
    const {
      S,
      t,
      z: letter,
      sc,
      sm,
      rc,
      rm,
    } = z.object({ ...common, sc: text, sm: text, rc: text, rm: text }).parse(element);
    const codes = { code: sc, message: sm, reasonCode: rc, reasonMessage: rm };
    return { kind: 'status', market: 'stocks', symbol: S, at: t, ...codes, tape: letter };
  },
  i: (element) => {
    const { S, t, z: letter, p } = z.object({ ...common, p: number }).parse(element);
    const shares = { pairedShares: undefined, imbalanceShares: undefined, side: undefined };
    const auction = { auction: undefined, auctionTime: undefined, exchange: undefined, sequence: undefined };
    return { kind: 'imbalance', market: 'stocks', symbol: S, at: t, price: p, ...shares, ...auction, tape: letter };
  },
};
