import { z } from 'zod';
import type { MarketEvent } from '../../market/event.ts';
import { movesPrice } from '../../market/sale-conditions.ts';
import { BySymbol, rejected, ruleKind } from './rule.ts';

/** Accepted prices that a new one is held against. */
const span = 9;

/** The last accepted prices of a symbol, and those since that lay far off. */
class Level {
  readonly #prices: number[] = [];
  #strays: number[] = [];

  /** Whether a price belongs to the level, or has shown by its company that the level is a new one. */
  takes(price: number, most: number, confirm: number): boolean {
    if (this.#prices.length === 0 || near(price, this.middle, most)) {
      this.#strays = [];
    } else {
      const [first] = this.#strays;
      if (first !== undefined && !near(price, first, most)) this.#strays = [];
      this.#strays.push(price);
      if (this.#strays.length < confirm) return false;
      this.#prices.length = 0;
      this.#strays = [];
    }
    this.#prices.push(price);
    if (this.#prices.length > span) this.#prices.shift();
    return true;
  }

  get middle(): number {
    const sorted = this.#prices.toSorted((left, right) => left - right);
    return sorted[sorted.length >> 1] ?? 0;
  }
}

const near = (price: number, other: number, most: number): boolean => Math.abs(price - other) <= other * most;

/**
 * Prices far off the last ones. A market that really moved says so again: when several in a row agree on the new level, it is accepted; the
 * first of them are gone, which is why this rule is off unless asked for. Trades whose conditions keep them from setting a last price are not judged.
 */
export const priceJumps = ruleKind({
  options: z
    .strictObject({
      most: z.number().positive().max(10).default(0.2).meta({
        description: 'Share of the median of the last nine prices that a price may differ from it: 0.2 = 20 %.',
      }),
      confirm: z.int().min(2).max(100).default(3).meta({
        description: 'So many prices in a row that agree with one another are a new level.',
      }),
    })
    .meta({ description: 'Refuses single prices that lie far off the last ones.' }),
  create({ most, confirm }) {
    const levels = new BySymbol(() => new Level());
    return {
      judge(event) {
        const price = priceOf(event);
        if (price === undefined) return event;
        const level = levels.of(event);
        if (level.takes(price, most, confirm)) return event;
        return rejected(`price ${price} is more than ${most * 100} % off ${level.middle}`);
      },
    };
  },
});

function priceOf(event: MarketEvent): number | undefined {
  if (event.kind === 'price') return event.price;
  return event.kind === 'trade' && movesPrice(event) ? event.price : undefined;
}
