import type { Clock } from '../market/clock.ts';
import { minute } from '../market/nanos.ts';
import type { Quota } from './exchanges/exchange.ts';

/** Counts what each key asks in each minute of wall time. */
export class Quotas {
  readonly #clock: Clock;
  readonly #used = new Map<string, number>();
  #minute = 0n;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One more request of that key, granted unless it has none left. */
  take(key: string, limit: number): { readonly granted: boolean; readonly quota: Quota } {
    const current = this.#clock.now() / minute;
    if (current !== this.#minute) this.#used.clear();
    this.#minute = current;
    const used = this.#used.get(key) ?? 0;
    const granted = used < limit;
    if (granted) this.#used.set(key, used + 1);
    const remaining = Math.max(0, limit - used - 1);
    return { granted, quota: { limit, remaining, reset: (current + 1n) * minute } };
  }
}
