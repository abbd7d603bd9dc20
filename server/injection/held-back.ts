import type { Cancel } from '../../market/clock.ts';
import type { MarketEvent, Nanos } from '../../market/event.ts';
import type { Place } from '../ledger/strays.ts';

/** An event that waits for its tape time. */
export interface Held {
  readonly event: MarketEvent;
  readonly due: Nanos;
  /** Where it was on the tape, if it is one of the tape's. */
  readonly place: Place | undefined;
}

/** Events held back for one session; the oldest go when there are more. */
const mostHeld = 100_000;

/** Events on their way to one session, in the order in which they are due. */
export class HeldBack {
  #held: Held[] = [];
  readonly #remind: (due: Nanos, call: () => void) => Cancel;
  readonly #release: (due: Nanos) => void;
  /** Of what is due first. */
  #reminder: { readonly due: Nanos; readonly cancel: Cancel } | undefined;

  /** Asks to be reminded of what is due next, and has it released then unless somebody has taken it before. */
  constructor(remind: (due: Nanos, call: () => void) => Cancel, release: (due: Nanos) => void) {
    this.#remind = remind;
    this.#release = release;
  }

  get size(): number {
    return this.#held.length;
  }

  /** Tape time at which the next is due. */
  get next(): Nanos | undefined {
    return this.#held[0]?.due;
  }

  /** Those that are due at the same time go in the order in which they came. */
  add(held: Held): void {
    let at = this.#held.length;
    while (at > 0 && (this.#held[at - 1]?.due ?? held.due) > held.due) at--;
    this.#held.splice(at, 0, held);
    if (this.#held.length > mostHeld) this.#held.shift();
    this.#arm();
  }

  /** What is due until then, which is held no more. */
  take(until: Nanos): readonly Held[] {
    const first = this.#held.findIndex(({ due }) => due > until);
    return this.#held.splice(0, first < 0 ? this.#held.length : first);
  }

  clear(): void {
    this.#held = [];
    this.#reminder?.cancel();
    this.#reminder = undefined;
  }

  #arm(): void {
    const due = this.next;
    if (due === undefined || (this.#reminder !== undefined && this.#reminder.due <= due)) return;
    this.#reminder?.cancel();
    const cancel = this.#remind(due, () => {
      this.#reminder = undefined;
      this.#release(due);
      // Who has unsubscribed from everything hears nothing of it.
      this.take(due);
      this.#arm();
    });
    this.#reminder = { due, cancel };
  }
}
