import type { Market } from '../../market/event.ts';
import { second as secondNanos } from '../../market/nanos.ts';
import type { DayBook } from './day-book.ts';
import { Tally } from './tally.ts';

/** One day of one symbol, by the daily rules. It begins and ends with a second, counted since 1970. */
export interface SymbolDay {
  readonly from: number;
  readonly until: number;
  readonly tally: Tally;
}

/** The day of a symbol, and the one before it, to which late trades may still belong. */
export class SymbolDays {
  readonly #market: Market;
  readonly #book: DayBook;
  #latest: SymbolDay | undefined;
  #before: SymbolDay | undefined;

  constructor(market: Market, book: DayBook) {
    this.#market = market;
    this.#book = book;
  }

  /** The day so far; `undefined` before anything happened. */
  get latest(): SymbolDay | undefined {
    return this.#latest;
  }

  /** The day that holds this second, begun when it is new; `undefined` when it lies before the two that are remembered. */
  at(second: number): SymbolDay | undefined {
    const latest = this.#latest;
    if (latest !== undefined) {
      if (second < latest.from) return this.#before && holds(this.#before, second) ? this.#before : undefined;
      if (second < latest.until) return latest;
    }
    const start = this.#book.startOf(this.#market, BigInt(second) * secondNanos);
    const end = this.#book.endOf(this.#market, start);
    this.#before = latest;
    this.#latest = { from: Number(start / secondNanos), until: Number(end / secondNanos), tally: new Tally() };
    return this.#latest;
  }
}

const holds = ({ from, until }: SymbolDay, second: number): boolean => second >= from && second < until;
