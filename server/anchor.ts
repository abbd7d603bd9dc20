import type { Nanos } from '../market/event.ts';

/**
 * Ties market time to wall time: this wall instant is that market instant, and from there market time runs `speed` times
 * as fast. Every due time comes from one anchor in whole nanoseconds, so nothing drifts however long it holds.
 */
export class Anchor {
  readonly wall: Nanos;
  readonly market: Nanos;
  /** Market nanoseconds per thousand wall nanoseconds: speeds have three decimals. */
  readonly #pace: bigint;

  constructor(wall: Nanos, market: Nanos, speed: number) {
    this.wall = wall;
    this.market = market;
    this.#pace = BigInt(Math.round(speed * 1000));
  }

  marketAt(wall: Nanos): Nanos {
    return this.market + floor((wall - this.wall) * this.#pace, 1000n);
  }

  /** The first wall instant at which `market` has come. */
  wallOf(market: Nanos): Nanos {
    return this.wall - floor((this.market - market) * 1000n, this.#pace);
  }
}

/** BigInt division cuts towards zero, which for an instant before the anchor would be too late. */
function floor(dividend: bigint, divisor: bigint): bigint {
  const remainder = dividend % divisor;
  return (dividend - remainder) / divisor - (remainder < 0n ? 1n : 0n);
}
