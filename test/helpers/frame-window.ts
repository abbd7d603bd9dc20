import { millis } from '../../market/nanos.ts';
import type { MarketEvent, Nanos } from '../../market/event.ts';

/** The frame window that puts these events into these frames; the vendors' real batching rules are not known. Throws when there is none. */
export function windowOf(frames: readonly (readonly MarketEvent[])[]): string {
  const frameOf = (at: Nanos, window: Nanos): Nanos => (at + window - 1n) / window;
  for (let count = 1; count < 2000; count++) {
    const window = millis(count);
    const numbers = frames.map((events) => new Set(events.map(({ at }) => frameOf(at, window))));
    const distinct = new Set(numbers.flatMap((group) => [...group]));
    if (numbers.every(({ size }) => size === 1) && distinct.size === frames.length) return `${count}ms`;
  }
  throw new Error('no frame window makes these frames');
}
