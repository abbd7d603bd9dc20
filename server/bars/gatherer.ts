import type { MarketEvent, Nanos } from '../../market/event.ts';
import type { Page } from '../sources/source.ts';

/**
 * Events per page that leaves the timeline. There is one timeline, so its pages may be bigger than those of the many sources: what is
 * done once per page and client (above all, writing to its socket) weighs less then.
 */
export const gatheredEvents = 2048;

/** Gathers events into pages of one size. */
export class Gatherer {
  #full: Page[] = [];
  #page: MarketEvent[] = [];

  put(event: MarketEvent): void {
    if (this.#page.push(event) < gatheredEvents) return;
    this.#full.push(this.#page);
    this.#page = [];
  }

  /** Puts what comes before an instant, from `page[from]` on; returns where that ends. */
  putUntil(page: Page, from: number, at: Nanos): number {
    let index = from;
    for (let event = page[index]; event !== undefined && event.at < at; event = page[++index]) this.put(event);
    return index;
  }

  /** `page[from]` and all after it. */
  putRest(page: Page, from: number): void {
    for (let index = from; index < page.length; index++) {
      const event = page[index];
      if (event !== undefined) this.put(event);
    }
  }

  get isFull(): boolean {
    return this.#full.length > 0;
  }

  /** The pages that are complete, so that a long stretch of bars needs no more memory than one. */
  *full(): Generator<Page, void, undefined> {
    if (this.#full.length === 0) return;
    const pages = this.#full;
    this.#full = [];
    yield* pages;
  }

  /** All that is left. */
  *rest(): Generator<Page, void, undefined> {
    yield* this.full();
    if (this.#page.length === 0) return;
    const page = this.#page;
    this.#page = [];
    yield page;
  }
}
