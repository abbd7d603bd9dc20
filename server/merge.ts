import { pageSize, type Page } from './sources/source.ts';
import type { MarketEvent } from '../market/event.ts';

/**
 * Several tapes as one, oldest event first. Events of one instant keep the order of the tapes, and within a tape their
 * own; a single tape passes through untouched. Each tape is read one page ahead of its merging.
 */
export async function* merge(tapes: readonly AsyncIterable<Page>[]): AsyncGenerator<Page> {
  if (tapes.length === 1 && tapes[0] !== undefined) return yield* tapes[0];
  const cursors = tapes.map((tape, rank) => new Cursor(tape, rank));
  try {
    await Promise.all(cursors.map((cursor) => cursor.turnPage()));
    const heap = cursors.filter((cursor) => cursor.head !== undefined).sort((a, b) => (a.before(b) ? -1 : 1));
    let merged: MarketEvent[] = [];
    for (let first = heap[0]; first !== undefined; first = heap[0]) {
      const rival = heap[2] !== undefined && heap[1] !== undefined && heap[2].before(heap[1]) ? heap[2] : heap[1];
      // Tapes come in runs: stay with this one until the next tape has something older.
      do {
        merged.push(first.take());
        if (merged.length === pageSize) {
          yield merged;
          merged = [];
        }
        if (first.head === undefined) await first.turnPage();
      } while (first.head !== undefined && (rival === undefined || first.before(rival)));
      if (first.head === undefined) {
        const last = heap.pop();
        if (last !== undefined && last !== first) heap[0] = last;
      }
      sink(heap);
    }
    if (merged.length > 0) yield merged;
  } finally {
    await Promise.all(cursors.map((cursor) => cursor.close()));
  }
}

/** Where one tape stands: its page, the next event of it, and the page after it already on its way. */
class Cursor {
  head: MarketEvent | undefined;
  readonly #rank: number;
  readonly #pages: AsyncIterator<Page>;
  #page: Page = [];
  #index = 0;
  #coming: Promise<IteratorResult<Page>>;

  constructor(tape: AsyncIterable<Page>, rank: number) {
    this.#rank = rank;
    this.#pages = tape[Symbol.asyncIterator]();
    this.#coming = this.#ask();
  }

  before(other: Cursor): boolean {
    const mine = this.head?.at ?? 0n;
    const theirs = other.head?.at ?? 0n;
    return mine < theirs || (mine === theirs && this.#rank < other.#rank);
  }

  take(): MarketEvent {
    const event = this.head;
    if (event === undefined) throw new Error('a tape at its end was asked for another event');
    this.head = this.#page[++this.#index];
    return event;
  }

  async turnPage(): Promise<void> {
    for (;;) {
      const next = await this.#coming;
      if (next.done === true) return;
      this.#coming = this.#ask();
      this.#page = next.value;
      this.#index = 0;
      this.head = this.#page[0];
      if (this.head !== undefined) return;
    }
  }

  async close(): Promise<void> {
    await this.#pages.return?.();
  }

  #ask(): Promise<IteratorResult<Page>> {
    const coming = this.#pages.next();
    // Whoever awaits it hears of a failure; until then it must not count as unhandled.
    coming.catch(() => undefined);
    return coming;
  }
}

/** Restores the heap after its top has changed. */
function sink(heap: Cursor[]): void {
  for (let at = 0; ;) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      const candidate = heap[child];
      const current = heap[least];
      if (candidate !== undefined && current !== undefined && candidate.before(current)) least = child;
    }
    if (least === at) return;
    const [upper, lower] = [heap[at], heap[least]];
    if (upper === undefined || lower === undefined) return;
    heap[at] = lower;
    heap[least] = upper;
    at = least;
  }
}
