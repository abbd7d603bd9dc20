/**
 * Chance that can be asked for any moment without asking for the moments before it: every stream is keyed, none is
 * continued. Only integer and IEEE basic arithmetic, so that every machine and every Node draws the same.
 */

/** Mixes two words into one; every bit of either changes about half of the result (murmur3's finalizer). */
export function mix(left: number, right: number): number {
  let word = Math.imul(left ^ (left >>> 16), 0x85ebca6b) ^ Math.imul(right ^ 0x9e3779b9, 0xcc9e2d51);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  word ^= word >>> 16;
  word = Math.imul(word ^ (word >>> 15), 0x27d4eb2d);
  return (word ^ (word >>> 15)) >>> 0;
}

/** A key made of a text, for streams that belong to a symbol. */
export function keyOf(text: string, seed: number): number {
  let key = mix(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0);
  for (let i = 0; i < text.length; i++) key = mix(key, text.charCodeAt(i));
  return key;
}

/** A uniform draw in [0, 1) from a key. */
export const uniform = (key: number): number => key / 2 ** 32;

/** A bell-shaped draw from a key: mean 0, deviation 1, never beyond ±3.5 (the sum of four uniform draws). */
export function bell(key: number): number {
  const other = mix(key, 0x5bd1e995);
  const sum = (key & 0xffff) + (key >>> 16) + (other & 0xffff) + (other >>> 16);
  return (sum / 65_536 - 2) * 1.7320508075688772;
}

/** A stream of draws for one key and one moment (sfc32). Reset it instead of making a new one: it is on the hot path. */
export class Chance {
  #a = 0;
  #b = 0;
  #c = 0;
  #count = 0;

  reset(key: number, moment: number, purpose: number): this {
    this.#a = key | 0;
    this.#b = moment | 0;
    this.#c = purpose | 0;
    this.#count = 1;
    for (let i = 0; i < 8; i++) this.word();
    return this;
  }

  word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#count++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1). */
  next(): number {
    return this.word() / 2 ** 32;
  }

  /** A whole number in [0, count). */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }
}
