import type { Book, Level, Nanos } from '../market/event.ts';

/** Levels kept on each side of a book; beyond it the one farthest from the market is forgotten. */
const mostLevels = 10_000;

interface Kept {
  last: Book;
  shift: Nanos;
  readonly bids: Map<number, number>;
  readonly asks: Map<number, number>;
}

/** A whole book as it stands, and by how much its times are moved on the wire. */
export interface StandingBook {
  readonly book: Book;
  readonly shift: Nanos;
}

/** Makes order books whole again of the changes that follow one another on a tape. */
export class WholeBooks {
  readonly #kept = new Map<string, Kept>();

  /** `shift` is what was added to its times on the wire. */
  change(book: Book, shift: Nanos): void {
    const name = `${book.market}\n${book.symbol}\n${book.exchange ?? ''}`;
    let kept = this.#kept.get(name);
    if (kept === undefined) {
      // What is not known whole cannot be made whole by its changes.
      if (!book.reset) return;
      kept = { last: book, shift, bids: new Map(), asks: new Map() };
      this.#kept.set(name, kept);
    }
    kept.last = book;
    kept.shift = shift;
    if (book.reset) {
      kept.bids.clear();
      kept.asks.clear();
    }
    change(kept.bids, book.bids, (prices) => Math.min(...prices));
    change(kept.asks, book.asks, (prices) => Math.max(...prices));
  }

  /** The books that are wanted, each as its last change left it. One that began with a change, not whole, is not told. */
  standing(wanted: (book: Book) => boolean): readonly StandingBook[] {
    return [...this.#kept.values()]
      .filter(({ last }) => wanted(last))
      .map(({ last, shift, bids, asks }) => {
        const book = {
          ...last,
          bids: levelsOf(bids, (left, right) => right.price - left.price),
          asks: levelsOf(asks, (left, right) => left.price - right.price),
          reset: true,
        };
        return { book, shift };
      });
  }

  clear(): void {
    this.#kept.clear();
  }
}

function change(side: Map<number, number>, levels: readonly Level[], farthest: (prices: number[]) => number): void {
  for (const { price, size } of levels) {
    if (size === 0) side.delete(price);
    else side.set(price, size);
  }
  while (side.size > mostLevels) side.delete(farthest([...side.keys()]));
}

function levelsOf(side: ReadonlyMap<number, number>, order: (left: Level, right: Level) => number): readonly Level[] {
  return [...side].map(([price, size]) => ({ price, size })).sort(order);
}
