import type { Channel, MarketEvent, Nanos, Value } from '../../../market/event.ts';
import type { Deriver } from '../../../server/bars/deriver.ts';
import { Ticks } from '../../../server/bars/ticks.ts';
import type { Page } from '../../../server/sources/source.ts';

export const publisher = 'somebody';

/** Tapes that hold nothing but what bars and prices are made of, unless said otherwise. */
export const recording =
  (...channels: readonly Channel[]) =>
  (): ReadonlySet<Channel> =>
    new Set(channels);

/** What a deriver makes of each page, and of the end. */
export function deriveEach(deriver: Deriver, pages: readonly Page[], recorded = recording()): MarketEvent[][] {
  const ticks = new Ticks(recorded);
  return [...pages.map((page) => [...deriver.take(ticks.read(page))]), [...deriver.end()]];
}

/** A tape cut into pages, each so long as the next of the cuts says. */
export function paged(tape: readonly MarketEvent[], cuts: readonly number[]): Page[] {
  const pages: Page[] = [];
  let from = 0;
  for (const cut of [...cuts, tape.length]) {
    if (from < tape.length) pages.push(tape.slice(from, from + cut));
    from += cut;
  }
  return pages;
}

export function value(at: Nanos, given: Partial<Value> = {}): Value {
  return { kind: 'value', market: 'indices', symbol: 'SPX', at, value: 6201.5, ...given };
}
