import { z } from 'zod';
import type { MarketEvent, Nanos } from '../../market/event.ts';
import { unknownOfBar } from '../../market/unknown.ts';
import { barFields, barKinds, eventOf, instant, unknown, type WireElement } from './alpaca-wire-events.ts';

/** The event behind an element of a transcript of any of Alpaca's streams; see `eventOf`. */
export function eventOn(path: string, element: WireElement, publishedAt?: Nanos): MarketEvent | undefined {
  const market = marketOf(path);
  if (market === 'stocks') return eventOf(element, publishedAt);
  const type = String(element['T']);
  const read = readers[market]?.[type];
  if (read !== undefined) return read(element);
  if (market !== 'crypto') return undefined;
  const kind = barKinds[type];
  if (kind === undefined) return undefined;
  const { S, o, h, l, c, v, t, n, vw } = barFields.parse(element);
  const fields = { open: o, high: h, low: l, close: c, volume: v, trades: n, vwap: vw, ...unknownOfBar };
  return { kind, market, symbol: S, at: publishedAt ?? t + 60_400_000_000n, start: t, ...fields };
}

function marketOf(path: string): Streamed {
  if (path.startsWith('/v1beta3/crypto/')) return 'crypto';
  if (path === '/v1beta1/indicative' || path === '/v1beta1/opra') return 'options';
  return path === '/v1beta1/news' ? 'news' : 'stocks';
}

const { string: text, number } = z;
const common = { S: text(), t: instant };
const level = z.object({ p: number(), s: number() }).transform(({ p, s }) => ({ price: p, size: s }));
const sides = { bp: number(), bs: number(), ap: number(), as: number() };
const absent = { trfId: undefined, correction: undefined, tape: undefined } as const;
const absentOfQuote = { indicators: [], tape: undefined, bidAt: undefined, askAt: undefined };

type Streamed = 'stocks' | 'crypto' | 'options' | 'news';
const readers: Partial<Record<Streamed, Readonly<Record<string, (element: WireElement) => MarketEvent>>>> = {
  crypto: {
    t: (element) => {
      const shape = z.object({ ...common, p: number(), s: number(), i: number(), tks: z.enum(['B', 'S']) });
      const { S, t, p, s, i, tks } = shape.parse(element);
      const said = { id: String(i), price: p, size: s, taker: tks === 'B' ? ('buy' as const) : ('sell' as const) };
      const unsaid = { ...unknown, ...absent, exchange: undefined, conditions: [] };
      return { kind: 'trade', market: 'crypto', symbol: S, at: t, ...said, ...unsaid };
    },
    q: (element) => {
      const { S, t, bp, bs, ap, as } = z.object({ ...common, ...sides }).parse(element);
      const said = { bidPrice: bp, bidSize: bs, askPrice: ap, askSize: as };
      const unsaid = { ...unknown, ...absentOfQuote, bidExchange: undefined, askExchange: undefined, conditions: [] };
      return { kind: 'quote', market: 'crypto', symbol: S, at: t, ...said, ...unsaid };
    },
    o: (element) => {
      const shape = z.object({ ...common, b: z.array(level), a: z.array(level), r: z.boolean().default(false) });
      const { S, t, b, a, r } = shape.parse(element);
      const unsaid = { exchange: undefined, receivedAt: undefined };
      return { kind: 'book', market: 'crypto', symbol: S, at: t, bids: b, asks: a, reset: r, ...unsaid };
    },
  },
  options: {
    t: (element) => {
      const shape = z.object({ ...common, p: number(), s: number(), x: text(), c: text() });
      const { S, t, p, s, x, c } = shape.parse(element);
      const said = { id: '', price: p, size: s, exchange: x, conditions: c.split('') };
      return { kind: 'trade', market: 'options', symbol: S, at: t, ...said, ...unknown, ...absent, taker: undefined };
    },
    q: (element) => {
      const shape = z.object({ ...common, ...sides, bx: text(), ax: text(), c: text() });
      const { S, t, bp, bs, bx, ap, as, ax, c } = shape.parse(element);
      const bid = { bidPrice: bp, bidSize: bs, bidExchange: bx };
      const ask = { askPrice: ap, askSize: as, askExchange: ax };
      const rest = { conditions: c.split(''), ...unknown, ...absentOfQuote };
      return { kind: 'quote', market: 'options', symbol: S, at: t, ...bid, ...ask, ...rest };
    },
  },
  news: {
    n: (element) => {
      const shape = z.object({
        id: number(),
        headline: text(),
        summary: text(),
        author: text(),
        created_at: instant,
        updated_at: instant,
        url: text(),
        content: text(),
        symbols: z.array(text()),
        source: text(),
      });
      const { id, created_at: at, updated_at: updatedAt, ...said } = shape.parse(element);
      const [symbol = ''] = said.symbols;
      const times = { at, createdAt: undefined, updatedAt };
      return { kind: 'news', market: 'stocks', symbol, id: String(id), ...times, ...said };
    },
  },
};
