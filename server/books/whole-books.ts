import type { Book, Nanos } from '../../market/event.ts';
import { Ladder } from './ladder.ts';

interface Kept {
  last: Book;
  shift: Nanos;
  readonly bids: Ladder;
  readonly asks: Ladder;
}

/** A whole book as it stands, and by how much its times are moved on the wire. */
export interface StandingBook {
  readonly book: Book;
  readonly shift: Nanos;
}

/** Makes order books whole again of the changes that follow one another on a tape. */
export class WholeBooks {
  readonly #kept = new Map<string, Kept>();

  /** `shift` is what was added to its times on the wire. What an exchange made of a tape's books changes none. */
  change(book: Book, shift: Nanos): void {
    if (book.publisher !== undefined) return;
    const name = nameOf(book);
    let kept = this.#kept.get(name);
    if (kept === undefined) {
      // What is not known whole cannot be made whole by its changes.
      if (!book.reset) return;
      kept = { last: book, shift, bids: new Ladder('down'), asks: new Ladder('up') };
      this.#kept.set(name, kept);
    }
    kept.last = book;
    kept.shift = shift;
    if (book.reset) {
      kept.bids.clear();
      kept.asks.clear();
    }
    for (const level of book.bids) kept.bids.put(level);
    for (const level of book.asks) kept.asks.put(level);
  }

  /** The book that a message changed last, as an exchange publishes it: so many levels a side at most, none while only changes are known. */
  wholeOf(book: Book, levels: number, publisher: string): Book | undefined {
    const kept = this.#kept.get(nameOf(book));
    return kept && { ...kept.last, bids: kept.bids.best(levels), asks: kept.asks.best(levels), reset: true, publisher };
  }

  /** The books that are wanted, each as its last change left it. One that began with a change, not whole, is not told. */
  standing(wanted: (book: Book) => boolean): readonly StandingBook[] {
    return [...this.#kept.values()]
      .filter(({ last }) => wanted(last))
      .map(({ last, shift, bids, asks }) => {
        return { book: { ...last, bids: bids.best(Infinity), asks: asks.best(Infinity), reset: true }, shift };
      });
  }

  clear(): void {
    this.#kept.clear();
  }
}

const nameOf = ({ market, symbol, exchange }: Book): string => `${market}\n${symbol}\n${exchange ?? ''}`;
