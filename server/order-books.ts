import type { Book, Level, Market, Nanos } from '../market/event.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Encoder } from './exchanges/exchange.ts';
import { beginFrame, endFrame } from './frame.ts';
import type { Emission } from './reel.ts';
import type { PageTopics } from './topics.ts';

/** Levels kept on each side of a book; beyond it the one farthest from the market is forgotten. */
const mostLevels = 10_000;

interface Kept {
  last: Book;
  /** What was added to its times on the wire. */
  shift: Nanos;
  readonly bids: Map<number, number>;
  readonly asks: Map<number, number>;
}

/** A whole book as it stands, and by how much its times are moved on the wire. */
export interface StandingBook {
  readonly book: Book;
  readonly shift: Nanos;
}

/**
 * Follows what has been played of every order book, so that whoever subscribes late begins with the whole of it: exchanges send
 * the changes only to those who know what they change. Forgets all when the tape goes back.
 */
export class OrderBooks {
  readonly #kept = new Map<string, Kept>();
  #reached: Nanos | undefined;

  /** Costs nothing for pages without books. */
  follow({ page, from, to, shift, stampedAt }: Emission, { books }: PageTopics): void {
    for (const position of books) {
      const event = page[position];
      if (position < from || position >= to || event?.kind !== 'book') continue;
      if (this.#reached !== undefined && event.at < this.#reached) this.#kept.clear();
      this.#reached = event.at;
      this.#apply(event, stampedAt === undefined ? shift : stampedAt - event.at);
    }
  }

  /** The books of these markets that are wanted. One that began with a change, not whole, is not told. */
  standing(markets: readonly Market[], wants: (symbol: string) => boolean): readonly StandingBook[] {
    return [...this.#kept.values()].flatMap(({ last, shift, bids, asks }) => {
      if (!markets.includes(last.market) || !wants(last.symbol)) return [];
      const book = {
        ...last,
        bids: levelsOf(bids, (left, right) => right.price - left.price),
        asks: levelsOf(asks, (left, right) => left.price - right.price),
        reset: true,
      };
      return [{ book, shift }];
    });
  }

  #apply(book: Book, shift: Nanos): void {
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
}

/** A whole book alone in its frame. */
export function frameOfBook(encoder: Encoder, { book, shift }: StandingBook): Buffer {
  const out = new ByteWriter(1024);
  const start = beginFrame(out);
  encoder.open(1, out);
  encoder.event(book, shift, out);
  encoder.close(out);
  endFrame(out, start, encoder.opcode);
  return out.bytes.subarray(0, out.length);
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
