import type { Chance } from '../../../market/chance.ts';

const sameNanosecond = 0.08;
const clustered = 0.25;
/** How far apart the events of a cluster lie at most, in nanoseconds. */
const clusterWidth = 2_000_000;

/**
 * Draws when within a second things happen: ascending nanoseconds, bunched as real prints are (in real tapes 20–78 % of rows share a
 * time stamp). The answer is valid until the next call.
 */
export class Offsets {
  #drawn = new Float64Array(256);

  draw(count: number, chance: Chance): Float64Array {
    if (count > this.#drawn.length) this.#drawn = new Float64Array(count * 2);
    const drawn = this.#drawn.subarray(0, count);
    let offset = 0;
    for (let i = 0; i < count; i++) {
      const how = i === 0 ? 1 : chance.next();
      if (how >= clustered) offset = chance.below(1_000_000_000);
      else if (how >= sameNanosecond) offset = Math.min(offset + chance.below(clusterWidth), 999_999_999);
      drawn[i] = offset;
    }
    return drawn.sort();
  }
}
