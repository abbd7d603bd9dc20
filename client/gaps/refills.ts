import type { Ask, History } from '../feeds/feed.ts';
import type { Gap } from './coverage.ts';

/** What to ask of history, and what it cannot tell. */
export interface Refills {
  readonly asks: readonly Ask[];
  readonly unfillable: readonly Gap[];
}

/** Gaps as requests: those of one channel and one span together, as many symbols at once as the vendor takes. */
export function refillsFor(gaps: readonly Gap[], history: Pick<History, 'refills' | 'mostSymbols'>): Refills {
  const { mostSymbols } = history;
  const unfillable: Gap[] = [];
  const symbolsOf = new Map<string, { readonly ask: Omit<Ask, 'symbols'>; readonly symbols: Set<string> }>();
  for (const gap of gaps) {
    const channel = history.refills(gap.channel);
    if (channel === undefined) {
      unfillable.push(gap);
      continue;
    }
    const { symbol, from, to } = gap;
    const name = `${channel} ${from} ${to}`;
    const group = symbolsOf.get(name) ?? { ask: { channel, from, to }, symbols: new Set() };
    symbolsOf.set(name, group);
    group.symbols.add(symbol);
  }
  const asks = [...symbolsOf.values()].flatMap(({ ask, symbols }) => {
    const all = [...symbols].toSorted();
    const parts: Ask[] = [];
    for (let at = 0; at < all.length; at += mostSymbols)
      parts.push({ ...ask, symbols: all.slice(at, at + mostSymbols) });
    return parts;
  });
  return { asks, unfillable };
}
