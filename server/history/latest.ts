import type { Bar, Book, Channel, Market, MarketEvent, Nanos, Quote, Trade } from '../../market/event.ts';
import { movesPrice } from '../../market/sale-conditions.ts';
import type { History, Span } from '../exchanges/rest.ts';
import { WholeBooks } from '../books/whole-books.ts';

/** The last of something that history holds, and by how much its times are moved. */
export interface Last<Event extends MarketEvent> {
  readonly event: Event;
  readonly shift: Nanos;
}

/** What is newest of one symbol, as of a feed that may lag behind. */
export class Latest {
  readonly #history: History;
  readonly #span: Span;
  readonly #signal: AbortSignal;
  readonly #listed: boolean;

  constructor(history: History, market: Market, symbol: string, lag: Nanos, signal: AbortSignal) {
    this.#history = history;
    this.#span = { market, symbol, from: 0n, to: history.now, lag, newestFirst: true };
    this.#signal = signal;
    // What no tape holds would be looked for from the end to the beginning.
    this.#listed = history.listed.some((one) => one.market === market && one.symbol === symbol);
  }

  /** The trade that made the price: never one whose conditions do not move it. */
  async trade(): Promise<Last<Trade> | undefined> {
    return this.newest('trade', (event): event is Trade => event.kind === 'trade' && movesPrice(event));
  }

  async quote(): Promise<Last<Quote> | undefined> {
    return this.newest('quote', (event): event is Quote => event.kind === 'quote');
  }

  async minuteBar(): Promise<Last<Bar> | undefined> {
    return (await this.#bars('minute', 1))[0];
  }

  /** The newest day that has a bar, and the one before it. */
  async days(): Promise<readonly Last<Bar>[]> {
    return this.#bars('day', 2);
  }

  /** The whole order book: the last whole one and every change since. None while only changes are known, as on a stream. */
  async book(): Promise<Last<Book> | undefined> {
    const changes: Last<Book>[] = [];
    search: for await (const { events, shift } of this.#events('book', this.#span)) {
      for (const event of events) {
        if (event.kind !== 'book' || (changes[0]?.event ?? event).exchange !== event.exchange) continue;
        changes.push({ event, shift });
        if (event.reset) break search;
      }
    }
    const books = new WholeBooks();
    for (const { event, shift } of changes.toReversed()) books.change(event, shift);
    const [whole] = books.standing(() => true);
    return whole && { event: { ...whole.book, reset: false }, shift: whole.shift };
  }

  /** The newest event that fits. */
  async newest<Event extends MarketEvent>(
    channel: Channel,
    fits: (event: MarketEvent) => event is Event,
  ): Promise<Last<Event> | undefined> {
    for await (const { events, shift } of this.#events(channel, this.#span)) {
      const event = events.find(fits);
      if (event !== undefined) return { event, shift };
    }
    return undefined;
  }

  async #bars(length: 'minute' | 'day', count: number): Promise<Last<Bar>[]> {
    const found: Last<Bar>[] = [];
    if (!this.#listed) return found;
    for await (const { events, shift } of this.#history.bars(this.#span, length, this.#signal)) {
      for (const event of events) if (found.push({ event, shift }) === count) return found;
    }
    return found;
  }

  #events(channel: Channel, span: Span): ReturnType<History['events']> {
    return this.#listed ? this.#history.events(span, [channel], this.#signal) : nothing();
  }
}

async function* nothing(): AsyncGenerator<never> {}
