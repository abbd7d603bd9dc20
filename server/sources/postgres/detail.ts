import { z } from 'zod';
import type { Channel, Market, MarketEvent, Nanos, Quote, Trade } from '../../../market/event.ts';
import { TapeError } from '../source.ts';

/** The kinds that are kept whole in `detail`, because they are too few to deserve columns. */
export type DetailedEvent = Exclude<MarketEvent, Trade | Quote>;
type DetailedKind = Exclude<Channel, 'trade' | 'quote'>;
interface Happening {
  readonly market: Market;
  readonly symbol: string;
  readonly at: Nanos;
}

const { number, string } = z;
const nanos = string()
  .regex(/^-?\d+$/)
  .transform(BigInt);
/** A field that the tape may not know: `undefined`, never absent. */
const maybe = <Type extends z.ZodType>(type: Type) => type.nullish().transform((value) => value ?? undefined);
/** An object that has every field of its shape, also those the JSON leaves out. */
function whole<Shape extends z.ZodRawShape>(shape: Shape) {
  const blank = Object.fromEntries(Object.keys(shape).map((field) => [field, undefined]));
  return z.strictObject(shape).transform((said) => Object.assign({ ...blank }, said));
}
const tape = maybe(z.enum(['A', 'B', 'C', 'O']));
const level = z.strictObject({ price: number(), size: number() });
const print = z.strictObject({ id: string(), price: number(), size: number(), conditions: z.array(string()) });
const bar = whole({
  start: nanos,
  open: number(),
  high: number(),
  low: number(),
  close: number(),
  volume: number(),
  trades: number(),
  vwap: number(),
  dayVolume: maybe(number()),
  dayOpen: maybe(number()),
  dayVwap: maybe(number()),
  averageSize: maybe(number()),
  turnover: maybe(number()),
  otc: maybe(z.boolean()),
});

const details = {
  status: whole({ code: string(), message: string(), reasonCode: string(), reasonMessage: string(), tape }),
  luld: whole({
    up: number(),
    down: number(),
    indicator: string(),
    tape,
    indicators: maybe(z.array(number())),
    sequence: maybe(number()),
  }),
  imbalance: whole({
    price: number(),
    pairedShares: maybe(number()),
    imbalanceShares: maybe(number()),
    side: maybe(string()),
    auction: maybe(string()),
    tape,
    auctionTime: maybe(string()),
    exchange: maybe(string()),
    sequence: maybe(number()),
  }),
  correction: whole({ exchange: maybe(string()), original: print, corrected: print, tape }),
  cancel: whole({
    id: string(),
    price: number(),
    size: number(),
    exchange: maybe(string()),
    action: z.enum(['C', 'E']),
    tape,
  }),
  book: whole({
    bids: z.array(level),
    asks: z.array(level),
    reset: z.boolean(),
    exchange: maybe(string()),
    receivedAt: maybe(nanos),
  }),
  value: whole({ value: number() }),
  news: whole({
    id: string(),
    headline: string(),
    summary: string(),
    author: string(),
    createdAt: maybe(nanos),
    updatedAt: nanos,
    url: string(),
    content: string(),
    symbols: z.array(string()),
    source: string(),
  }),
  price: whole({
    price: number(),
    bidPrice: maybe(number()),
    askPrice: maybe(number()),
    dayVolume: maybe(number()),
    exchange: maybe(string()),
    mic: maybe(string()),
    currency: maybe(string()),
    baseCurrency: maybe(string()),
    quoteCurrency: maybe(string()),
    instrument: maybe(string()),
  }),
  pricing: whole({
    exchange: maybe(string()),
    indexPrice: maybe(number()),
    markPrice: maybe(number()),
    fundingRate: maybe(number()),
    openInterest: maybe(number()),
    fundingAt: maybe(nanos),
  }),
};

/** An event of the JSON that `detailOf` wrote. */
export function eventOfDetail(kind: DetailedKind, happening: Happening, json: string): DetailedEvent {
  try {
    const value: unknown = JSON.parse(json);
    switch (kind) {
      case 'second-bar':
      case 'bar':
      case 'updated-bar':
      case 'daily-bar':
        return { kind, ...happening, ...bar.parse(value) };
      case 'status':
        return { kind, ...happening, ...details.status.parse(value) };
      case 'luld':
        return { kind, ...happening, ...details.luld.parse(value) };
      case 'imbalance':
        return { kind, ...happening, ...details.imbalance.parse(value) };
      case 'correction':
        return { kind, ...happening, ...details.correction.parse(value) };
      case 'cancel':
        return { kind, ...happening, ...details.cancel.parse(value) };
      case 'book':
        return { kind, ...happening, ...details.book.parse(value) };
      case 'value':
        return { kind, ...happening, ...details.value.parse(value) };
      case 'news':
        return { kind, ...happening, ...details.news.parse(value) };
      case 'price':
        return { kind, ...happening, ...details.price.parse(value) };
      case 'fair-value':
        return { kind, ...happening, ...details.value.parse(value) };
      case 'pricing':
        return { kind, ...happening, ...details.pricing.parse(value) };
    }
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new TapeError(`websocket_data has a ${kind} of ${happening.symbol} whose detail cannot be read: ${why}`, {
      cause,
    });
  }
}

/** All that an event says beyond kind, market, symbol and time. Unknown fields are left out; times are text, for their digits. */
export function detailOf(event: DetailedEvent): string {
  const { kind: _kind, market: _market, symbol: _symbol, at: _at, ...said } = event;
  return JSON.stringify(said, (field, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new TapeError(`A ${event.kind} of ${event.symbol} has ${field} ${value}, which JSON cannot hold`);
    }
    return value;
  });
}
