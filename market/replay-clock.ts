import type { Cancel, Clock } from './clock.ts';
import type { Nanos } from './event.ts';

/**
 * Market time that follows another clock: one instant of that clock is one instant of the market, and from there the market runs `speed`
 * times as fast. Every due time comes from this one pair in whole nanoseconds, so nothing drifts however long it holds.
 */
export class ReplayClock implements Clock {
  /** The instant of the clock that is followed, and of the market, that belong together. */
  readonly wall: Nanos;
  readonly market: Nanos;
  readonly #followed: Clock;
  /** Market nanoseconds per thousand of the clock that is followed: speeds have three decimals. */
  readonly #pace: bigint;

  constructor(followed: Clock, wall: Nanos, market: Nanos, speed: number) {
    this.#followed = followed;
    this.wall = wall;
    this.market = market;
    this.#pace = BigInt(Math.round(speed * 1000));
  }

  now(): Nanos {
    return this.market + floor((this.#followed.now() - this.wall) * this.#pace, 1000n);
  }

  /** Calls at the first instant at which that market time has come. */
  wake(at: Nanos, call: () => void): Cancel {
    return this.#followed.wake(this.#wallOf(at), call);
  }

  /** How long, by the clock that is followed, until that market time comes; negative when it is over. */
  until(at: Nanos): Nanos {
    return this.#wallOf(at) - this.#followed.now();
  }

  async turn(): Promise<void> {
    await this.#followed.turn();
  }

  #wallOf(market: Nanos): Nanos {
    return this.wall - floor((this.market - market) * 1000n, this.#pace);
  }
}

/** BigInt division cuts towards zero, which for an instant before the pair would be too late. */
function floor(dividend: bigint, divisor: bigint): bigint {
  const remainder = dividend % divisor;
  return (dividend - remainder) / divisor - (remainder < 0n ? 1n : 0n);
}
