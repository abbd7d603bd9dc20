import type { Reel } from '../../server/deck/reel.ts';
import type { MarketEvent } from '../../market/event.ts';

/** A reel of these events, oldest first, in pages of the given size. */
export function reelOf(events: readonly MarketEvent[], pageLength = 3): Reel {
  return {
    from: events[0]?.at ?? 0n,
    async *pages(from) {
      const rest = events.filter(({ at }) => at >= from);
      for (let at = 0; at < rest.length; at += pageLength) yield rest.slice(at, at + pageLength);
    },
  };
}
