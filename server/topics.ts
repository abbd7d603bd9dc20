import type { Channel, Market, MarketEvent } from '../market/event.ts';
import type { Page } from './sources/source.ts';

/** What one event is about. */
export interface Topic {
  readonly market: Market;
  readonly channel: Channel;
  readonly symbol: string;
}

/**
 * Numbers every market, channel and symbol met so far, so that deciding who wants an event is one array look-up however
 * many clients there are.
 */
export class Topics {
  readonly #ids = new Map<Channel, Map<string, number>>();
  readonly #topics: Topic[] = [];
  readonly #ofPage = new WeakMap<Page, Uint32Array>();

  topic(id: number): Topic | undefined {
    return this.#topics[id];
  }

  /** The topic of each event of a page. */
  ofPage(page: Page): Uint32Array {
    let ids = this.#ofPage.get(page);
    if (ids === undefined) {
      ids = Uint32Array.from(page, (event) => this.#id(event));
      this.#ofPage.set(page, ids);
    }
    return ids;
  }

  #id({ market, kind, symbol }: MarketEvent): number {
    let bySymbol = this.#ids.get(kind);
    if (bySymbol === undefined) this.#ids.set(kind, (bySymbol = new Map()));
    const known = bySymbol.get(symbol);
    // A ticker of two markets (an index and a stock) is rare; then the market becomes part of the name.
    if (known !== undefined && this.#topics[known]?.market === market) return known;
    const name = known === undefined ? symbol : `${symbol}\n${market}`;
    const other = bySymbol.get(name);
    if (other !== undefined) return other;
    const id = this.#topics.push({ market, channel: kind, symbol }) - 1;
    bySymbol.set(name, id);
    return id;
  }
}
