import type { MarketEvent } from '../market/event.ts';

/** Symbols whose past is remembered; past it, the one remembered first is forgotten. */
const mostSymbols = 20_000;

/** What a rule remembers of each symbol, made when the symbol is first seen. */
export class BySymbol<Memory> {
  readonly #make: () => Memory;
  readonly #memories = new Map<string, Memory>();

  constructor(make: () => Memory) {
    this.#make = make;
  }

  of({ symbol }: MarketEvent): Memory {
    const known = this.#memories.get(symbol);
    if (known !== undefined) return known;
    if (this.#memories.size >= mostSymbols) {
      for (const oldest of this.#memories.keys()) {
        this.#memories.delete(oldest);
        break;
      }
    }
    const memory = this.#make();
    this.#memories.set(symbol, memory);
    return memory;
  }
}
