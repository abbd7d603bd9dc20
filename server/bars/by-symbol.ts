import type { Market } from '../../market/event.ts';

/** One item for each symbol of each market, made when it is first asked for. */
export class BySymbol<Item> {
  readonly #make: (market: Market, symbol: string) => Item;
  readonly #markets = new Map<Market, Map<string, Item>>();
  /** The market asked for last, because tapes hold mostly one. */
  #market: Market | undefined;
  #ofMarket = new Map<string, Item>();

  constructor(make: (market: Market, symbol: string) => Item) {
    this.#make = make;
  }

  of(market: Market, symbol: string): Item {
    if (market !== this.#market) {
      const known = this.#markets.get(market);
      this.#ofMarket = known ?? new Map<string, Item>();
      if (known === undefined) this.#markets.set(market, this.#ofMarket);
      this.#market = market;
    }
    let item = this.#ofMarket.get(symbol);
    if (item === undefined) this.#ofMarket.set(symbol, (item = this.#make(market, symbol)));
    return item;
  }
}
