import type { Nanos } from '../../market/event.ts';

/** Later than anything. */
export const never: Nanos = 1n << 63n;

/** What is due at one moment. */
export interface Burst<Item> {
  readonly at: Nanos;
  readonly items: Item[];
}

/** Things to publish, by moment; what is due at the same moment keeps the order in which it was added. */
export class Agenda<Item> {
  readonly #bursts: Burst<Item>[] = [];

  /** When something is due next; `never` when nothing is. */
  get next(): Nanos {
    return this.#bursts[0]?.at ?? never;
  }

  /** When the last thing is due; `undefined` when nothing is. */
  get last(): Nanos | undefined {
    return this.#bursts.at(-1)?.at;
  }

  add(at: Nanos, item: Item): void {
    // A handful of bursts is pending at a time, and what is added is mostly due last.
    let index = this.#bursts.length - 1;
    for (; index >= 0; index--) {
      const burst = this.#bursts[index];
      if (burst === undefined || burst.at < at) break;
      if (burst.at === at) return void burst.items.push(item);
    }
    this.#bursts.splice(index + 1, 0, { at, items: [item] });
  }

  take(): Burst<Item> | undefined {
    return this.#bursts.shift();
  }
}
