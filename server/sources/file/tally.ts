import type { Channel, MarketEvent, Nanos } from '../../../market/event.ts';
import type { Holding, Page } from '../source.ts';

interface Count {
  readonly first: MarketEvent;
  readonly channel: Channel;
  events: number;
  to: Nanos;
}

/** Counts what passes by: events per symbol and kind with the first and the last instant of each. */
export class Tally {
  readonly #symbols = new Map<string, Map<Channel, Count>>();

  add(page: Page): void {
    for (const event of page) {
      let counts = this.#symbols.get(event.symbol);
      if (counts === undefined) this.#symbols.set(event.symbol, (counts = new Map()));
      const count = counts.get(event.kind);
      if (count === undefined) counts.set(event.kind, { first: event, channel: event.kind, events: 1, to: event.at });
      else {
        count.events++;
        count.to = event.at;
      }
    }
  }

  /** Sorted by symbol, kinds in the order in which they first came. */
  get holdings(): readonly Holding[] {
    const symbols = [...this.#symbols].sort(([left], [right]) => (left < right ? -1 : 1));
    return symbols.flatMap(([symbol, counts]) =>
      [...counts.values()].map(({ first, channel, events, to }) => ({
        symbol,
        market: first.market,
        channel,
        events,
        from: first.at,
        to,
      })),
    );
  }
}
