import type { MarketEvent } from '../../../market/event.ts';

/** Events one second may hold: the key below has this much room beside the nanosecond. */
const capacity = 2 ** 22;

/**
 * Collects the events of one second from all symbols and gives them back in time order; events of the same nanosecond
 * stay in the order in which they were added.
 */
export class Moment {
  #events: MarketEvent[] = [];
  #keys = new Float64Array(1024);

  add(offset: number, event: MarketEvent): void {
    const count = this.#events.length;
    if (count === this.#keys.length) {
      const grown = new Float64Array(count * 2);
      grown.set(this.#keys);
      this.#keys = grown;
    }
    // Nanosecond and arrival in one whole number below 2^53, which typed arrays sort without a comparing function.
    this.#keys[count] = offset * capacity + count;
    this.#events.push(event);
  }

  /** Hands over the events in order and starts afresh. */
  take(into: MarketEvent[]): void {
    const events = this.#events;
    const keys = this.#keys.subarray(0, events.length).sort();
    for (const key of keys) {
      const event = events[key % capacity];
      if (event !== undefined) into.push(event);
    }
    events.length = 0;
  }
}
