import type { Market, Nanos } from '../../market/event.ts';
import type { DayBook } from './day-book.ts';
import { Tally } from './tally.ts';

/** One day of one symbol, by the daily rules. */
export interface SymbolDay {
  readonly start: Nanos;
  readonly end: Nanos;
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

  /** The day that holds this instant, begun when it is new; `undefined` when it lies before the two that are remembered. */
  at(instant: Nanos): SymbolDay | undefined {
    const latest = this.#latest;
    if (latest !== undefined) {
      if (instant < latest.start) return this.#before && holds(this.#before, instant) ? this.#before : undefined;
      if (instant < latest.end) return latest;
    }
    const start = this.#book.startOf(this.#market, instant);
    this.#before = latest;
    this.#latest = { start, end: this.#book.endOf(this.#market, start), tally: new Tally() };
    return this.#latest;
  }
}

const holds = ({ start, end }: SymbolDay, instant: Nanos): boolean => instant >= start && instant < end;
