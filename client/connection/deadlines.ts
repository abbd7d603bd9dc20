import type { Cancel, Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import type { Deadline } from '../conversation.ts';

/** The times at which a connection waits no longer, by name: one of each at most. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #due: (deadline: Deadline) => void;
  readonly #armed = new Map<Deadline, { readonly at: Nanos; readonly cancel: Cancel }>();

  constructor(clock: Clock, due: (deadline: Deadline) => void) {
    this.#clock = clock;
    this.#due = due;
  }

  at(deadline: Deadline): Nanos | undefined {
    return this.#armed.get(deadline)?.at;
  }

  arm(deadline: Deadline, at: Nanos): void {
    this.disarm(deadline);
    const cancel = this.#clock.wake(at, () => {
      this.#armed.delete(deadline);
      this.#due(deadline);
    });
    this.#armed.set(deadline, { at, cancel });
  }

  disarm(which: Deadline | 'all'): void {
    for (const deadline of which === 'all' ? [...this.#armed.keys()] : [which]) {
      this.#armed.get(deadline)?.cancel();
      this.#armed.delete(deadline);
    }
  }
}
