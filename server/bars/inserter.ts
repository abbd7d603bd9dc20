import type { MarketEvent } from '../../market/event.ts';
import { pageSize, type Page } from '../sources/source.ts';

/** Adds events to a page. As long as nothing is added or left out, the page stays the very same array. */
export class Inserter {
  #page: Page = [];
  /** How many events of the page are behind. */
  #passed = 0;
  untouched = false;
  #full: Page[] = [];
  #out: MarketEvent[] = [];

  begin(page: Page): void {
    this.#page = page;
    this.untouched = true;
    this.#passed = 0;
  }

  /** Says how far the page has passed before something is added or left out. */
  passed(count: number): void {
    this.#passed = count;
  }

  put(event: MarketEvent): void {
    if (this.untouched) this.touch();
    if (this.#out.length === pageSize) {
      this.#full.push(this.#out);
      this.#out = [];
    }
    this.#out.push(event);
  }

  /** From here on the page is copied, what was passed of it first. */
  touch(): void {
    this.untouched = false;
    for (let index = 0; index < this.#passed; index++) {
      const event = this.#page[index];
      if (event !== undefined) this.put(event);
    }
  }

  /** The page as it was, or all that it has become. */
  *end(): Generator<Page, void, undefined> {
    if (this.untouched) {
      this.untouched = false;
      yield this.#page;
      return;
    }
    yield* this.full();
    if (this.#out.length === 0) return;
    const page = this.#out;
    this.#out = [];
    yield page;
  }

  /** Pages that are complete, so that a long stretch of bars needs no more memory than one page. */
  *full(): Generator<Page, void, undefined> {
    if (this.#full.length === 0) return;
    const pages = this.#full;
    this.#full = [];
    yield* pages;
  }
}
