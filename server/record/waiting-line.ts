import type { MarketEvent, Nanos } from '../../market/event.ts';

/** Events held back at most until their neighbours have come. */
export const mostWaiting = 65_536;

/** Events that wait for stragglers, oldest first; those of one instant in the order in which they came. */
export class WaitingLine {
  #events: { readonly event: MarketEvent; readonly heardAt: Nanos }[] = [];
  #newest: Nanos | undefined;

  get length(): number {
    return this.#events.length;
  }

  /** `heardAt` is the wall's time. */
  add(event: MarketEvent, heardAt: Nanos): void {
    const entry = { event, heardAt };
    let place = this.#events.length;
    // Nearly all come in order, so the search begins at the end.
    while (place > 0 && (this.#events[place - 1]?.event.at ?? 0n) > event.at) place--;
    if (place === this.#events.length) this.#events.push(entry);
    else this.#events.splice(place, 0, entry);
    if (this.#newest === undefined || event.at > this.#newest) this.#newest = event.at;
  }

  /**
   * Takes those that nobody will come before any more: older than the newest by more than `window`, heard before `since`, or too many.
   * An event goes with all that stand before it.
   */
  release(window: Nanos, since: Nanos): MarketEvent[] {
    const bound = this.#newest === undefined ? 0n : this.#newest - window;
    let count = Math.max(0, this.#events.length - mostWaiting);
    while (count < this.#events.length && (this.#events[count]?.event.at ?? bound) < bound) count++;
    for (let i = this.#events.length - 1; i >= count; i--) {
      if ((this.#events[i]?.heardAt ?? since) < since) count = i + 1;
    }
    if (count === 0) return [];
    return this.#events.splice(0, count).map(({ event }) => event);
  }
}
