import type { Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import { day, minute } from '../../market/nanos.ts';
import type { Plan, Quota } from '../exchanges/exchange.ts';

/** What became of a request, and where its key stands. */
export interface Taken {
  /** Of the minute and of the day, as far as they are limited. */
  readonly quotas: readonly Quota[];
  /** The first that has no room for the request; absent when it is granted. */
  readonly exceeded: Quota | undefined;
}

/** Counts what each key asks in each minute and in each day of wall time. */
export class Quotas {
  readonly #minute: Count;
  readonly #day: Count;

  constructor(clock: Clock) {
    this.#minute = new Count('minute', minute, clock);
    this.#day = new Count('day', day, clock);
  }

  /** One more request of that key, which counts as `cost`. Nothing of it is counted unless every limit has room for it. */
  take(key: string, { requests, requestsPerDay }: Pick<Plan, 'requests' | 'requestsPerDay'>, cost: number): Taken {
    const limited: readonly (readonly [Count, number | undefined])[] = [
      [this.#minute, requests],
      [this.#day, requestsPerDay],
    ];
    const quotas = limited.flatMap(([count, limit]) => (limit === undefined ? [] : [count.quota(key, limit, cost)]));
    const exceeded = quotas.find(({ used, limit }) => used > limit);
    if (exceeded === undefined) for (const [count, limit] of limited) if (limit !== undefined) count.add(key, cost);
    return { quotas, exceeded };
  }
}

/** What keys have used up in the current minute, or the current day. */
class Count {
  readonly #span: Quota['span'];
  readonly #length: Nanos;
  readonly #clock: Clock;
  readonly #used = new Map<string, number>();
  #current = 0n;

  constructor(span: Quota['span'], length: Nanos, clock: Clock) {
    this.#span = span;
    this.#length = length;
    this.#clock = clock;
  }

  /** Where the key stands with a request that counts as `cost`. */
  quota(key: string, limit: number, cost: number): Quota {
    const current = this.#clock.now() / this.#length;
    if (current !== this.#current) this.#used.clear();
    this.#current = current;
    const before = this.#used.get(key) ?? 0;
    const used = before + cost;
    const remaining = used > limit ? Math.max(0, limit - before) : limit - used;
    return { span: this.#span, limit, used, remaining, reset: (current + 1n) * this.#length };
  }

  add(key: string, cost: number): void {
    this.#used.set(key, (this.#used.get(key) ?? 0) + cost);
  }
}
