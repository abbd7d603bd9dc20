import type { Book } from '../../market/event.ts';
import { WholeBooks } from '../books/whole-books.ts';
import type { Deriver } from './deriver.ts';
import type { Ticks } from './ticks.ts';

/**
 * Makes order books for an exchange whose clients hear them whole: the book after every change on the tape, with the change's times, and
 * never more than so many levels a side. Nothing while only changes of a book are known.
 */
export class PublishedBooks implements Deriver {
  readonly #books = new WholeBooks();
  readonly #publisher: string;
  readonly #levels: number;

  constructor({ publisher, levels }: { readonly publisher: string; readonly levels: number }) {
    this.#publisher = publisher;
    this.#levels = levels;
  }

  take({ page }: Ticks): readonly Book[] {
    const books: Book[] = [];
    for (const event of page) {
      if (event.kind !== 'book') continue;
      this.#books.change(event, 0n);
      const whole = this.#books.wholeOf(event, this.#levels, this.#publisher);
      if (whole !== undefined) books.push(whole);
    }
    return books;
  }

  /** Nothing: every book leaves with what changed it. */
  end(): readonly Book[] {
    return [];
  }
}
