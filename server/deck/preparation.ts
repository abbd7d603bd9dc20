import type { Nanos } from '../../market/event.ts';
import type { Page } from '../sources/source.ts';
import { wholeWindows } from './window.ts';

/** So many events are made ready at once, and so many ahead of the needle. */
const [atOnce, atMost] = [64, 512];

/** How far the events of a page have been made ready before they are due. */
export class Preparation {
  #page: Page = [];
  #upTo = 0;

  /** Up to where the next few are, in whole windows, the needle being at `index`; absent when enough are ready. */
  advance(page: Page, index: number, window: Nanos): number | undefined {
    if (page !== this.#page) this.#upTo = 0;
    this.#page = page;
    const from = Math.max(this.#upTo, index);
    if (from >= Math.min(page.length, index + atMost)) return undefined;
    this.#upTo = wholeWindows(page, from + atOnce, window);
    return this.#upTo;
  }
}
