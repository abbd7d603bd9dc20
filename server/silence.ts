import type { MarketEvent, Nanos } from '../market/event.ts';
import type { Page } from './sources/source.ts';

/**
 * Cuts long silences of the market. The day so far, repeated every minute, does not make a night any livelier: it is said at
 * once and the silence goes on.
 */
export class Silence {
  readonly #longest: Nanos | undefined;
  /** Market instant of the last event that was more than such a repetition. */
  #stirred: Nanos | undefined;

  /** Nothing is cut when no longest silence is given. */
  constructor(longest: Nanos | undefined) {
    this.#longest = longest;
  }

  /** `page[from] … page[to - 1]` have played. */
  heard(page: Page, from: number, to: number): void {
    if (this.#longest === undefined) return;
    for (let index = to - 1; index >= from; index--) {
      const event = page[index];
      if (event !== undefined && event.kind !== 'daily-bar') return void (this.#stirred = event.at);
    }
  }

  /** How much of the silence between the market instant reached and the next event is left out. */
  tooLong(next: MarketEvent | undefined, reached: Nanos | undefined): Nanos {
    const longest = this.#longest;
    if (longest === undefined || reached === undefined || next === undefined) return 0n;
    const repeated = next.kind === 'daily-bar' && this.#stirred !== undefined && next.at - this.#stirred > longest;
    const beyond = next.at - reached - (repeated ? 0n : longest);
    return beyond > 0n ? beyond : 0n;
  }
}
