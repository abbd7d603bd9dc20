/** Offences that are shown; more of them are counted. */
const shown = 20;

/** What a client did wrong, the first few in full. */
export class Offences {
  #count = 0;
  #first = '';
  readonly #lines: number[] = [];

  /** `seen`: in a sentence without a full stop. `lines`: numbers of the entries that show it. */
  add(seen: string, ...lines: readonly number[]): void {
    if (this.#count === 0) this.#first = seen;
    if (this.#count < shown) this.#lines.push(...lines);
    this.#count++;
  }

  /** As a finding tells them; absent when there are none. */
  get told(): { readonly outcome: 'unmet'; readonly seen: string; readonly lines: readonly number[] } | undefined {
    if (this.#count === 0) return undefined;
    const more = this.#count === 1 ? '' : `; ${this.#count - 1} more like it`;
    return { outcome: 'unmet', seen: this.#first + more, lines: [...new Set(this.#lines)].sort((a, b) => a - b) };
  }
}
