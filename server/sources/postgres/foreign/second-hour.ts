import type { MarketEvent, Nanos } from '../../../../market/event.ts';
import { TapeError } from '../../source.ts';

// Bars of one hour; ten thousand symbols have 600,000.
const mostHeld = 2_000_000;

/**
 * Puts the bars of an hour that the wall showed twice where they belong. Rows come in order of the wall, so both hours come mixed: the
 * first bar of a symbol at a wall time is of the first hour, the next one of the second, and waits until the first hour is over.
 */
export class SecondHour {
  readonly #held: MarketEvent[] = [];
  readonly #heard = new Set<string>();
  #wall: Nanos | undefined;

  /** Is this a symbol's first bar at this wall time? */
  first(wall: Nanos, symbol: string): boolean {
    if (wall !== this.#wall) {
      this.#wall = wall;
      this.#heard.clear();
    }
    if (this.#heard.has(symbol)) return false;
    this.#heard.add(symbol);
    return true;
  }

  hold(event: MarketEvent): void {
    this.#held.push(event);
    if (this.#held.length <= mostHeld) return;
    throw new TapeError(
      `more than ${mostHeld} bars in the hour that clocks went back; set repeatedHour: first or second on the table`,
    );
  }

  /** What was held, in order of time; nothing is held after it. */
  release(): MarketEvent[] {
    return this.#held.splice(0);
  }

  get empty(): boolean {
    return this.#held.length === 0;
  }
}
