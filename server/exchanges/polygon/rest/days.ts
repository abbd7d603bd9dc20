import type { Bar } from '../../../../market/event.ts';
import type { Access } from '../../exchange.ts';
import { baseBars } from './base-bars.ts';
import type { Sight } from './entitlement.ts';
import { midnightOf } from './markets.ts';
import type { Instrument } from './tickers.ts';

/** The day that runs, and the newest one before it that has a bar; each with its start on the wire. */
export interface Days {
  readonly today?: Bar;
  readonly before?: Bar;
}

/** What those days have been so far, as a plan sees them. */
export async function daysOf(
  { market, symbol }: Instrument,
  { lag, until }: Sight,
  { history }: Access,
  signal: AbortSignal,
): Promise<Days> {
  const midnight = midnightOf(market, history.now - lag);
  const span = { market, symbol, from: 0n, to: until, lag, newestFirst: true };
  const { chapters, startOf } = baseBars(history, span, 'day', signal);
  let today: Bar | undefined;
  for await (const { events, shift } of chapters) {
    for (const bar of events) {
      const start = startOf(bar, shift);
      if (start > until) continue;
      const found = { ...bar, start };
      if (start < midnight) return today === undefined ? { before: found } : { today, before: found };
      today = found;
    }
  }
  return today === undefined ? {} : { today };
}
