/** Slots of a store, a power of two: twice the symbols that trade on a day in the US find one of their own. */
const slots = 1 << 15;
/** Longest spelling that is kept, in bytes: an OCC option symbol has 21. */
const longest = 24;

/**
 * Values by how a vendor spells them in bytes, so that a symbol that comes a million times is one string. It keeps one spelling a slot
 * and forgets the former, so it never grows, and what it forgot is made again.
 */
export class Interned<Value> {
  readonly #make: (text: string) => Value | undefined;
  readonly #bytes = new Uint8Array(slots * longest);
  readonly #lengths = new Uint8Array(slots);
  readonly #values = Array.from<Value | undefined>({ length: slots });

  /** `make`: the value of a spelling, `undefined` for one that has none. */
  constructor(make: (text: string) => Value | undefined) {
    this.#make = make;
  }

  /** The value of the ASCII bytes from `from` to before `to`, whose hash the caller has made on its way: see `hashed`. */
  of(bytes: Buffer, from: number, to: number, hash: number): Value | undefined {
    const length = to - from;
    const slot = hash & (slots - 1);
    if (this.#lengths[slot] === length) {
      const kept = this.#bytes;
      const offset = slot * longest - from;
      let at = from;
      while (at < to && kept[offset + at] === bytes[at]) at++;
      if (at === to) return this.#values[slot];
    }
    return this.#learn(bytes, from, to, slot);
  }

  #learn(bytes: Buffer, from: number, to: number, slot: number): Value | undefined {
    const value = this.#make(asciiText(bytes, from, to));
    if (value === undefined || to - from > longest) return value;
    this.#bytes.set(bytes.subarray(from, to), slot * longest);
    this.#lengths[slot] = to - from;
    this.#values[slot] = value;
    return value;
  }
}

/** The hash of a spelling, byte by byte; begins at 0. */
export const hashed = (hash: number, byte: number): number => (Math.imul(hash, 31) + byte) | 0;

/** Text of bytes that are known to be ASCII. */
export const asciiText = (bytes: Buffer, from: number, to: number): string => bytes.toString('latin1', from, to);
