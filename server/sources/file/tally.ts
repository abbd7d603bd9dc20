import type { Channel, MarketEvent, Nanos } from '../../../market/event.ts';
import type { Holding, Page } from '../source.ts';

interface Count {
  readonly first: MarketEvent;
  readonly channel: Channel;
  events: number;
  from: Nanos;
  to: Nanos;
}

/** Counts what passes by, in any order: events per symbol and kind with the earliest and the latest instant of each. */
export class Tally {
  readonly #symbols = new Map<string, Map<Channel, Count>>();
  /** The one counted last: where files go by symbols, it is mostly the next one too. */
  #last: Count | undefined;

  add(page: Page): void {
    for (const event of page) this.count(event);
  }

  count(event: MarketEvent): void {
    const { symbol, kind, at } = event;
    const last = this.#last;
    const isSame = last !== undefined && last.channel === kind && last.first.symbol === symbol;
    const count = isSame ? last : (this.#last = this.#countOf(event));
    count.events++;
    if (at > count.to) count.to = at;
    else if (at < count.from) count.from = at;
  }

  #countOf(event: MarketEvent): Count {
    const { symbol, kind, at } = event;
    let counts = this.#symbols.get(symbol);
    if (counts === undefined) this.#symbols.set(symbol, (counts = new Map()));
    let count = counts.get(kind);
    if (count === undefined) counts.set(kind, (count = { first: event, channel: kind, events: 0, from: at, to: at }));
    return count;
  }

  /** Names of the fields that the kinds counted so far have. All events of a kind have the same. */
  get fields(): readonly string[] {
    const firsts = [...this.#symbols.values()].flatMap((counts) => [...counts.values()].map(({ first }) => first));
    return [...new Set(firsts.flatMap((first) => Object.keys(first)))];
  }

  /** Sorted by symbol, kinds in the order in which they first came. */
  get holdings(): readonly Holding[] {
    const symbols = [...this.#symbols].sort(([left], [right]) => (left < right ? -1 : 1));
    return symbols.flatMap(([symbol, counts]) =>
      [...counts.values()].map(({ first, channel, events, from, to }) => ({
        symbol,
        market: first.market,
        channel,
        events,
        from,
        to,
      })),
    );
  }
}
