import type { MarketEvent } from '../../../market/event.ts';

/** What a slow listener is told once it reads again: the newest event of each symbol and channel, in the order in which they came. */
export class Thinned {
  readonly #newest = new Map<string, string>();
  readonly #most: number;
  #leftOut = 0;

  /** `most`: symbols times channels; past it, those go that rested longest. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Events that it misses. */
  get leftOut(): number {
    return this.#leftOut;
  }

  add({ kind, symbol }: MarketEvent, text: string): void {
    const key = `${kind}:${symbol}`;
    if (this.#newest.delete(key)) this.#leftOut++;
    this.#newest.set(key, text);
    if (this.#newest.size <= this.#most) return;
    const [oldest] = this.#newest.keys();
    if (oldest !== undefined) this.#newest.delete(oldest);
    this.#leftOut++;
  }

  texts(): string[] {
    return [...this.#newest.values()];
  }
}
