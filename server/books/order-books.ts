import type { Market, MarketEvent, Nanos } from '../../market/event.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import type { Encoder } from '../exchanges/exchange.ts';
import { beginFrame, endFrame } from '../wire/frame.ts';
import type { Emission } from '../deck/reel.ts';
import type { PageTopics } from '../fan-out/topics.ts';
import { type StandingBook, WholeBooks } from './whole-books.ts';

/**
 * Follows what has been played of every order book, so that whoever subscribes late begins with the whole of it: exchanges send
 * the changes only to those who know what they change. Forgets all when the tape goes back.
 */
export class OrderBooks {
  readonly #books = new WholeBooks();
  /** Instant of the last event played. */
  #reached: Nanos = 0n;

  /** Costs next to nothing for pages without books. */
  follow({ page, from, to, shift, stampedAt }: Emission, { books }: PageTopics): void {
    if ((page[from]?.at ?? 0n) < this.#reached) this.#books.clear();
    this.#reached = page[to - 1]?.at ?? this.#reached;
    for (const position of books) {
      const event = page[position];
      if (position < from || position >= to || event?.kind !== 'book') continue;
      this.#books.change(event, stampedAt === undefined ? shift : stampedAt - event.at);
    }
  }

  /** The books of these markets that are wanted. */
  standing(markets: readonly Market[], wants: (symbol: string) => boolean): readonly StandingBook[] {
    return this.#books.standing(({ market, symbol }) => markets.includes(market) && wants(symbol));
  }
}

/** An event alone in its frame, its times moved by so much. */
export function frameOf(encoder: Encoder, event: MarketEvent, shift: Nanos): Buffer {
  const out = new ByteWriter(1024);
  const start = beginFrame(out);
  encoder.open(1, out);
  encoder.event(event, shift, out);
  encoder.close(out);
  endFrame(out, start, encoder.opcode);
  return out.bytes.subarray(0, out.length);
}
