import type { Cancel, Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import type { Ending } from '../exchanges/exchange.ts';

/**
 * The end that a connection has coming. Another refusal never puts it off: Alpaca's 10 s after the first 406 leave its Go SDK about 6
 * tries (sheet §3).
 */
export class Departure {
  readonly #clock: Clock;
  readonly #leave: (code: Ending['code']) => void;
  #next: { readonly at: Nanos; readonly cancel: Cancel } | undefined;

  constructor(clock: Clock, leave: (code: Ending['code']) => void) {
    this.#clock = clock;
    this.#leave = leave;
  }

  /** It ends like that, unless it ends before. */
  set({ after, code }: Ending): void {
    if (after === 0n) return this.#leave(code);
    const at = this.#clock.now() + after;
    if (this.#next !== undefined && this.#next.at <= at) return;
    this.#next?.cancel();
    this.#next = { at, cancel: this.#clock.wake(at, () => this.#leave(code)) };
  }

  /** It stays after all, or is gone already. */
  cancel(): void {
    this.#next?.cancel();
    this.#next = undefined;
  }
}
