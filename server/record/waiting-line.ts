import type { MarketEvent, Nanos } from '../../market/event.ts';

/** Events held back at most until their neighbours have come. */
export const mostWaiting = 65_536;

/** An event and how the tape spells it. */
export interface Row {
  readonly event: MarketEvent;
  readonly line: string;
}

/** Rows that wait for stragglers, oldest first; those of one instant in the order in which they came. */
export class WaitingLine {
  #rows: (Row & { readonly heardAt: Nanos })[] = [];
  #newest: Nanos | undefined;

  get length(): number {
    return this.#rows.length;
  }

  /** `heardAt` is the wall's time. */
  add({ event, line }: Row, heardAt: Nanos): void {
    const row = { event, line, heardAt };
    let place = this.#rows.length;
    // Nearly all come in order, so the search begins at the end.
    while (place > 0 && (this.#rows[place - 1]?.event.at ?? 0n) > event.at) place--;
    if (place === this.#rows.length) this.#rows.push(row);
    else this.#rows.splice(place, 0, row);
    if (this.#newest === undefined || event.at > this.#newest) this.#newest = event.at;
  }

  /**
   * Takes those that nobody will come before any more: older than the newest by more than `window`, heard before `since`, or too many.
   * An event goes with all that stand before it.
   */
  release(window: Nanos, since: Nanos): readonly Row[] {
    const bound = this.#newest === undefined ? 0n : this.#newest - window;
    let count = Math.max(0, this.#rows.length - mostWaiting);
    while (count < this.#rows.length && (this.#rows[count]?.event.at ?? bound) < bound) count++;
    for (let i = this.#rows.length - 1; i >= count; i--) {
      if ((this.#rows[i]?.heardAt ?? since) < since) count = i + 1;
    }
    if (count === 0) return [];
    return this.#rows.splice(0, count);
  }
}
