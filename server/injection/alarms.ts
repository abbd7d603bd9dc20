import type { Cancel, Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';

/** Does things after spans of wall time, unless it is disposed of before. */
export class Alarms implements Disposable {
  readonly #clock: Clock;
  readonly #set = new Set<Cancel>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  in(span: Nanos, act: () => void): Cancel {
    const cancel = this.#clock.wake(this.#clock.now() + span, () => {
      this.#set.delete(cancel);
      act();
    });
    this.#set.add(cancel);
    return () => {
      this.#set.delete(cancel);
      cancel();
    };
  }

  [Symbol.dispose](): void {
    for (const cancel of this.#set) cancel();
    this.#set.clear();
  }
}
