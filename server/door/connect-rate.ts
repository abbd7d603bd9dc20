import type { Clock } from '../../market/clock.ts';
import { minute } from '../../market/nanos.ts';

/** Counts the upgrades of each client address in the current minute of wall time. */
export class ConnectRate {
  readonly #perMinute: number | undefined;
  readonly #clock: Clock;
  readonly #connects = new Map<string, number>();
  #minute = 0n;

  /** `perMinute`: as many as an address may make; any number when absent. */
  constructor(perMinute: number | undefined, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** One more upgrade from there: whether that is too many. */
  isExceededBy(address: string): boolean {
    if (this.#perMinute === undefined) return false;
    const now = this.#clock.now() / minute;
    if (now !== this.#minute) this.#connects.clear();
    this.#minute = now;
    const count = (this.#connects.get(address) ?? 0) + 1;
    this.#connects.set(address, count);
    return count > this.#perMinute;
  }
}
