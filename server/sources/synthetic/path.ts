import { bell, mix } from '../../../market/chance.ts';

const levels = 32;
/** Deviation of the midpoint of a stretch of 2^(32 − level) seconds, once both its ends are known. */
const midpointDeviation = Float64Array.from({ length: levels + 1 }, (_, level) =>
  level === 0 ? 0 : Math.sqrt(2 ** (levels - level + 1)) / 2,
);

/**
 * A Brownian path over all seconds from 1970 to 2106, variance one per second. Any second can be asked for: its value
 * is found by halving the whole span 32 times, each midpoint drawn from (key, level, stretch). Neighbouring seconds
 * share most halvings, which are remembered, so walking forward costs two draws a second.
 */
export class Path {
  readonly #key: number;
  readonly #stretch = new Float64Array(levels + 1).fill(-1);
  readonly #left = new Float64Array(levels + 1);
  readonly #right = new Float64Array(levels + 1);
  #second = -1;

  constructor(key: number) {
    this.#key = key;
    this.#stretch[0] = 0;
    this.#right[0] = bell(mix(key, 0)) * 2 ** (levels / 2);
  }

  /** Moves to a second, whose value is then `value` and that of the next second `next`. */
  seek(second: number): void {
    if (second === this.#second) return;
    this.#second = second;
    const stretches = this.#stretch;
    for (let level = 1; level <= levels; level++) {
      const stretch = Math.floor(second / 2 ** (levels - level));
      if (stretches[level] === stretch) continue;
      stretches[level] = stretch;
      const left = this.#left[level - 1] ?? 0;
      const right = this.#right[level - 1] ?? 0;
      const parent = Math.floor(stretch / 2);
      const middle = (left + right) / 2 + bell(mix(mix(this.#key, level), parent)) * (midpointDeviation[level] ?? 0);
      const isLeft = stretch % 2 === 0;
      this.#left[level] = isLeft ? left : middle;
      this.#right[level] = isLeft ? middle : right;
    }
  }

  get value(): number {
    return this.#left[levels] ?? 0;
  }

  get next(): number {
    return this.#right[levels] ?? 0;
  }
}
