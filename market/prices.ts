import type { Book, Level } from './book.ts';
import type { MarketEvent } from './event.ts';

/** Spells a price in the steps of another: no more decimals than that one shows, and never fewer than a cent. */
export function inStepsOf(price: number, other: number): number {
  return Number(price.toFixed(decimalsOf(other)));
}

/** The next price above, in steps of its own. */
export function nextAbove(price: number): number {
  return inStepsOf(price + 10 ** -decimalsOf(price), price);
}

function decimalsOf(price: number): number {
  const [, decimals = ''] = price.toFixed(8).replace(/0+$/, '').split('.');
  return Math.max(2, decimals.length);
}

/** The event with each of its prices exchanged for another; the very same one where it names none. */
export function repriced(event: MarketEvent, of: (price: number) => number): MarketEvent {
  const perhaps = (price: number | undefined): number | undefined => (price === undefined ? undefined : of(price));
  switch (event.kind) {
    case 'trade':
    case 'imbalance':
    case 'cancel':
      return { ...event, price: of(event.price) };
    case 'quote':
      return { ...event, bidPrice: of(event.bidPrice), askPrice: of(event.askPrice) };
    case 'second-bar':
    case 'bar':
    case 'updated-bar':
    case 'daily-bar': {
      const { open, high, low, close, vwap, dayOpen, dayVwap } = event;
      return {
        ...event,
        open: of(open),
        high: of(high),
        low: of(low),
        close: of(close),
        vwap: of(vwap),
        dayOpen: perhaps(dayOpen),
        dayVwap: perhaps(dayVwap),
      };
    }
    case 'luld':
      return { ...event, up: of(event.up), down: of(event.down) };
    case 'correction': {
      const { original, corrected } = event;
      return {
        ...event,
        original: { ...original, price: of(original.price) },
        corrected: { ...corrected, price: of(corrected.price) },
      };
    }
    case 'book':
      return repricedBook(event, of);
    case 'value':
    case 'fair-value':
      return { ...event, value: of(event.value) };
    case 'price':
      return {
        ...event,
        price: of(event.price),
        bidPrice: perhaps(event.bidPrice),
        askPrice: perhaps(event.askPrice),
      };
    case 'pricing':
      return { ...event, indexPrice: perhaps(event.indexPrice), markPrice: perhaps(event.markPrice) };
    case 'status':
    case 'news':
      return event;
  }
}

/** Every price that an event names. */
export function pricesOf(event: MarketEvent): readonly number[] {
  const prices: number[] = [];
  repriced(event, (price) => {
    prices.push(price);
    return price;
  });
  return prices;
}

function repricedBook(event: Book, of: (price: number) => number): Book {
  const levels = (side: readonly Level[]): Level[] => side.map(({ price, size }) => ({ price: of(price), size }));
  return { ...event, bids: levels(event.bids), asks: levels(event.asks) };
}
