import type { Channel } from '../market/event.ts';
import type { ToldEvent } from './sinks/cache/index.ts';

/** The channels that tell what something costs. */
export const pricedChannels = [
  'price',
  'trade',
  'quote',
  'value',
  'bar',
  'daily-bar',
] as const satisfies readonly Channel[];

/** What a symbol costs now, from the newest that was heard of it. */
export interface Latest {
  readonly symbol: string;
  readonly price: number;
  /** Which kind of event told the price. */
  readonly from: Channel;
  /** When the market published that event: ISO 8601, nine decimals, UTC. */
  readonly at: string;
  readonly dataSource: string;
  readonly bid: number | undefined;
  readonly ask: number | undefined;
  /** Ask minus bid. */
  readonly spread: number | undefined;
  /** Of the day so far, where a vendor tells it. */
  readonly volume: number | undefined;
}

/**
 * The price of a symbol: that of the newest event that has one. A quote has none of its own, unless nothing else was heard: then it is the
 * middle of bid and ask. `undefined` when nothing tells a price.
 */
export function latestOf(symbol: string, events: readonly ToldEvent[]): Latest | undefined {
  const priced = events.flatMap((event) => {
    const price = priceOf(event);
    return price === undefined ? [] : [{ event, price }];
  });
  const newest = priced.reduce<(typeof priced)[number] | undefined>(
    (best, one) => (best === undefined || one.event.at > best.event.at ? one : best),
    undefined,
  );
  const sides = sidesOf(events);
  const middle = middleOf(events);
  const told = newest ?? middle;
  if (told === undefined) return undefined;
  const { kind, at, dataSource } = told.event;
  return { symbol, price: told.price, from: kind, at, dataSource, ...sides, volume: volumeOf(events) };
}

function priceOf(event: ToldEvent): number | undefined {
  switch (event.kind) {
    case 'trade':
    case 'price':
      return event.price;
    case 'value':
      return event.value;
    case 'bar':
    case 'daily-bar':
    case 'second-bar':
    case 'updated-bar':
      return event.close;
    case 'quote':
    case 'fair-value':
    case 'status':
    case 'luld':
    case 'imbalance':
    case 'correction':
    case 'cancel':
    case 'book':
    case 'news':
    case 'pricing':
      return undefined;
  }
}

function middleOf(events: readonly ToldEvent[]): { readonly event: ToldEvent; readonly price: number } | undefined {
  for (const event of events) {
    // A side that is empty says 0.
    if (event.kind !== 'quote' || event.bidPrice <= 0 || event.askPrice <= 0) continue;
    return { event, price: (event.bidPrice + event.askPrice) / 2 };
  }
  return undefined;
}

function sidesOf(events: readonly ToldEvent[]): Pick<Latest, 'bid' | 'ask' | 'spread'> {
  const sided = events
    .filter((event) => event.kind === 'quote' || event.kind === 'price')
    .filter(({ bidPrice, askPrice }) => bidPrice !== undefined && askPrice !== undefined)
    .toSorted((one, other) => (one.at < other.at ? 1 : -1));
  const { bidPrice: bid, askPrice: ask } = sided[0] ?? {};
  const spread = bid === undefined || ask === undefined || bid <= 0 || ask <= 0 ? undefined : rounded(ask - bid);
  return { bid, ask, spread };
}

/** Without the dust that subtracting doubles leaves. */
const rounded = (value: number): number => Number(value.toFixed(9));

function volumeOf(events: readonly ToldEvent[]): number | undefined {
  for (const event of events) {
    if (event.kind === 'price' && event.dayVolume !== undefined) return event.dayVolume;
    if (event.kind === 'daily-bar') return event.volume;
  }
  return undefined;
}
