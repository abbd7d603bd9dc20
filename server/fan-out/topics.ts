import { type Channel, type Market, type MarketEvent, publisherOf } from '../../market/event.ts';
import type { Page } from '../sources/source.ts';

/** What one event is about. */
export interface Topic {
  readonly market: Market;
  readonly channel: Channel;
  /** Whoever wants any of them hears it: one, or all that an item of news is about. Never empty. */
  readonly symbols: readonly string[];
  /** The exchange whose clients alone hear it; all do when absent. */
  readonly publisher: string | undefined;
}

interface NumberedTopic extends Topic {
  readonly id: number;
}

/** What the events of one page are about. */
export interface PageTopics {
  /** The topic of each event. */
  readonly ids: Uint32Array;
  /** Each of them once. */
  readonly distinct: readonly number[];
  /** Positions of the order books on it. */
  readonly books: readonly number[];
}

const none: readonly number[] = [];

/**
 * Numbers every market, channel and symbol met so far, so that deciding who wants an event is one array look-up however
 * many clients there are.
 */
export class Topics {
  /** By symbol the few topics it has: of each kind, each publisher and, rarely, of an index and a stock of one ticker. */
  readonly #bySymbol = new Map<string, NumberedTopic[]>();
  readonly #topics: Topic[] = [];
  readonly #ofPage = new WeakMap<Page, PageTopics>();
  /** Per topic the last page it was met on: cheaper than a set per page. */
  readonly #lastMet: number[] = [];
  #pages = 0;

  topic(id: number): Topic | undefined {
    return this.#topics[id];
  }

  ofPage(page: Page): PageTopics {
    const known = this.#ofPage.get(page);
    if (known !== undefined) return known;
    const current = ++this.#pages;
    const ids = new Uint32Array(page.length);
    const distinct: number[] = [];
    for (let index = 0; index < page.length; index++) {
      const event = page[index];
      if (event === undefined) continue;
      const id = this.#id(event);
      ids[index] = id;
      if (this.#lastMet[id] === current) continue;
      this.#lastMet[id] = current;
      distinct.push(id);
    }
    const topics = { ids, distinct, books: this.#positionsOf('book', ids, distinct) };
    this.#ofPage.set(page, topics);
    return topics;
  }

  /** Most pages have none of a rare kind, which their few topics tell. */
  #positionsOf(channel: Channel, ids: Uint32Array, distinct: readonly number[]): readonly number[] {
    const sought = new Set(distinct.filter((id) => this.#topics[id]?.channel === channel));
    if (sought.size === 0) return none;
    return Array.from(ids.keys()).filter((position) => sought.has(ids[position] ?? -1));
  }

  #id(event: MarketEvent): number {
    const { market, kind } = event;
    const symbol = kind === 'news' ? event.symbols.join('\n') : event.symbol;
    const publisher = publisherOf(event);
    let known = this.#bySymbol.get(symbol);
    if (known === undefined) this.#bySymbol.set(symbol, (known = []));
    for (let index = 0; index < known.length; index++) {
      const topic = known[index];
      if (topic?.channel === kind && topic.publisher === publisher && topic.market === market) return topic.id;
    }
    const topic = { id: this.#topics.length, market, channel: kind, symbols: symbol.split('\n'), publisher };
    known.push(topic);
    this.#topics.push(topic);
    return topic.id;
  }
}
