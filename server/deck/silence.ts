import type { MarketEvent, Nanos } from '../../market/event.ts';
import { isEcho } from './echo.ts';
import type { Page } from '../sources/source.ts';

/**
 * Cuts long silences of the market. The day so far, repeated every minute, does not make a night any livelier, nor do bars that other
 * exchanges make of the same trades: they neither end a silence nor lengthen it.
 */
export class Silence {
  readonly #longest: Nanos | undefined;
  readonly #publisher: string | undefined;
  /** Market time played since the last event that was more than such an echo: what was cut does not count. */
  #waited: Nanos = 0n;
  /** Market instant of the last event. */
  #last: Nanos | undefined;
  /** What has been cut since. */
  #cut: Nanos = 0n;

  /** Nothing is cut when no longest silence is given. `publisher`: the one whose bars count. */
  constructor(longest: Nanos | undefined, publisher?: string) {
    this.#longest = longest;
    this.#publisher = publisher;
  }

  /** `page[from] … page[to - 1]` have played. */
  heard(page: Page, from: number, to: number): void {
    const last = page[to - 1]?.at;
    if (this.#longest === undefined || last === undefined) return;
    let index = to - 1;
    while (index >= from && this.#echoes(page[index])) index--;
    const stirring = index < from ? undefined : page[index]?.at;
    if (stirring === undefined) this.#waited += last - (this.#last ?? last) - this.#cut;
    else this.#waited = last - stirring;
    this.#last = last;
    this.#cut = 0n;
  }

  /** Up to where the events `page[from] … page[to - 1]` follow each other without a silence to be cut; at least one of them. */
  unbroken(page: Page, from: number, to: number): number {
    const first = page[from];
    const longest = this.#longest;
    if (longest === undefined || first === undefined) return to;
    let waited = this.#echoes(first) ? this.#waited + first.at - (this.#last ?? first.at) - this.#cut : 0n;
    let before = first.at;
    for (let index = from + 1; index < to; index++) {
      const event = page[index];
      if (event === undefined) return index;
      const gap = event.at - before;
      if (gap > (waited > longest ? 0n : longest - waited)) return index;
      waited = this.#echoes(event) ? waited + gap : 0n;
      before = event.at;
    }
    return to;
  }

  /** The needle has been moved. */
  forget(): void {
    this.#last = undefined;
    this.#waited = this.#cut = 0n;
  }

  /** How much of the silence between the market instant reached and the next event is left out. */
  tooLong(next: MarketEvent | undefined, reached: Nanos | undefined): Nanos {
    const longest = this.#longest;
    if (longest === undefined || reached === undefined || next === undefined) return 0n;
    const left = this.#waited > longest ? 0n : longest - this.#waited;
    const beyond = next.at - reached - left;
    if (beyond <= 0n) return 0n;
    this.#cut += beyond;
    return beyond;
  }

  #echoes(event: MarketEvent | undefined): boolean {
    return event?.kind === 'daily-bar' || isEcho(event, this.#publisher);
  }
}
