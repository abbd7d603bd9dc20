import type { Ticker, Ticks } from './ticks.ts';

/** One item for each ticker, made when it is first asked for. */
export class ByTicker<Item> {
  readonly #make: (ticker: Ticker) => Item;
  readonly #items: (Item | undefined)[] = [];

  constructor(make: (ticker: Ticker) => Item) {
    this.#make = make;
  }

  /** Of the ticker of a row. */
  of(ticks: Ticks, row: number): Item {
    const number = ticks.tickers[row] ?? 0;
    return this.#items[number] ?? this.#add(number, ticks.ticker(number));
  }

  #add(number: number, ticker: Ticker): Item {
    const item = this.#make(ticker);
    // Numbers may be met out of order; an array without holes is read faster.
    while (this.#items.length <= number) this.#items.push(undefined);
    this.#items[number] = item;
    return item;
  }
}
