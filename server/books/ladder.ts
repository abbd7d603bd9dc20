import type { Level } from '../../market/event.ts';

/** Levels kept on each side of a book; beyond it the one farthest from the market is forgotten. */
const mostLevels = 10_000;

/** One side of an order book: its levels, the best first. Bids go `down` from the best, asks `up`. */
export class Ladder {
  readonly #sign: 1 | -1;
  readonly #levels: Level[] = [];
  /** What was told last, as long as it still is so: mostly only one side of a book changes. */
  #told: { readonly count: number; readonly levels: readonly Level[] } | undefined;

  constructor(direction: 'up' | 'down') {
    this.#sign = direction === 'up' ? 1 : -1;
  }

  /** Sets the size of a price; size 0 takes it away. */
  put(level: Level): void {
    this.#told = undefined;
    const levels = this.#levels;
    const place = this.#placeOf(level.price);
    const isThere = levels[place]?.price === level.price;
    if (level.size === 0) {
      if (isThere) levels.splice(place, 1);
    } else if (isThere) levels[place] = level;
    else if (place === levels.length) levels.push(level);
    else levels.splice(place, 0, level);
    if (levels.length > mostLevels) levels.pop();
  }

  /** So many levels at most, the best first. */
  best(count: number): readonly Level[] {
    if (this.#told?.count !== count) this.#told = { count, levels: this.#levels.slice(0, count) };
    return this.#told.levels;
  }

  clear(): void {
    this.#told = undefined;
    this.#levels.length = 0;
  }

  /** Where the price is, or would be. */
  #placeOf(price: number): number {
    const levels = this.#levels;
    let [low, high] = [0, levels.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sign * ((levels[middle]?.price ?? price) - price) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
