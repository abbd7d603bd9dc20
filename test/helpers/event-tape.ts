import type { Holding, Page, Selection, Source } from '../../server/sources/source.ts';
import { selects } from '../../server/sources/source.ts';
import type { MarketEvent } from '../../market/event.ts';

/** A tape of exactly these events, oldest first. */
export function eventTape(events: readonly MarketEvent[]): Source {
  const holdings = events.map(({ symbol, market, kind, at }): Holding => ({
    symbol,
    market,
    channel: kind,
    events: 1,
    from: at,
    to: at,
  }));
  return {
    name: 'events of a test',
    survey: async () => ({ holdings }),
    async *pages(selection: Selection): AsyncGenerator<Page> {
      const page = events.filter(selects(selection));
      if (page.length > 0) yield page;
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
