import type { MarketEvent } from '../../market/event.ts';
import { pageSize, selects, type Holding, type Page, type Source } from '../../server/sources/source.ts';

/** A tape made of events at hand, oldest first. */
export function memorySource(events: readonly MarketEvent[], name = 'events in memory'): Source {
  return {
    name,
    survey: async () => ({ holdings: holdingsOf(events) }),
    async *pages(selection, signal): AsyncGenerator<Page> {
      const chosen = events.filter(selects(selection));
      for (let at = 0; at < chosen.length && !signal.aborted; at += pageSize) yield chosen.slice(at, at + pageSize);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function holdingsOf(events: readonly MarketEvent[]): Holding[] {
  const holdings = new Map<string, Holding>();
  for (const { symbol, market, kind, at } of events) {
    const key = `${kind} ${symbol}`;
    const known = holdings.get(key);
    holdings.set(key, {
      symbol,
      market,
      channel: kind,
      events: (known?.events ?? 0) + 1,
      from: known?.from ?? at,
      to: at,
    });
  }
  return [...holdings.values()];
}
