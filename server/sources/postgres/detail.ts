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
const maybe = <Type extends z.ZodType>(type: Type) => type.nullable().transform((value) => value ?? undefined);
const tape = maybe(z.enum(['A', 'B', 'C', 'O']));
const level = z.strictObject({ price: number(), size: number() });
const print = z.strictObject({ id: string(), price: number(), size: number(), conditions: z.array(string()) });
const bar = z.strictObject({
  start: nanos,
  open: number(),
  high: number(),
  low: number(),
  close: number(),
  volume: number(),
  trades: number(),
  vwap: number(),
  dayVolume: maybe(number()),
});

const details = {
  status: z.strictObject({ code: string(), message: string(), reasonCode: string(), reasonMessage: string(), tape }),
  luld: z.strictObject({ up: number(), down: number(), indicator: string(), tape }),
  imbalance: z.strictObject({
    price: number(),
    pairedShares: maybe(number()),
    imbalanceShares: maybe(number()),
    side: maybe(string()),
    auction: maybe(string()),
    tape,
  }),
  correction: z.strictObject({ exchange: maybe(string()), original: print, corrected: print, tape }),
  cancel: z.strictObject({
    id: string(),
    price: number(),
    size: number(),
    exchange: maybe(string()),
    action: z.enum(['C', 'E']),
    tape,
  }),
  book: z.strictObject({ bids: z.array(level), asks: z.array(level), reset: z.boolean() }),
  value: z.strictObject({ value: number() }),
  news: z.strictObject({
    id: string(),
    headline: string(),
    summary: string(),
    author: string(),
    updatedAt: nanos,
    url: string(),
    content: string(),
    symbols: z.array(string()),
    source: string(),
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
    }
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new TapeError(`websocket_data has a ${kind} of ${happening.symbol} whose detail cannot be read: ${why}`, {
      cause,
    });
  }
}

/** All that an event says beyond kind, market, symbol and time. Unknown fields are null; times are text, for their digits. */
export function detailOf(event: DetailedEvent): string {
  const { kind: _kind, market: _market, symbol: _symbol, at: _at, ...said } = event;
  return JSON.stringify(said, (field, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new TapeError(`A ${event.kind} of ${event.symbol} has ${field} ${value}, which JSON cannot hold`);
    }
    return value === undefined ? null : value;
  });
}
