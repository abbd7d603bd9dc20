import { turn } from '../../../market/clock.ts';
import type { Channel, MarketEvent, Nanos } from '../../../market/event.ts';
import type { Holding } from '../source.ts';
import type { Stretch } from './stretches.ts';
import type { Ticker } from './ticker.ts';
import type { Hours } from './trading-hours.ts';

/** Seconds of symbols gone through before others have their turn: some ten milliseconds of work. */
export const breath = 30_000;

interface Count {
  events: number;
  /** Where its first and its last event lie; only these two seconds have to be made. */
  first: { readonly second: number; readonly hours: Hours };
  last: { readonly second: number; readonly hours: Hours };
}
type Counted = Map<Channel, Count>;

/**
 * Counts a generated tape exactly without making its trades and quotes: their numbers are drawn before they are. Costs
 * some hundred nanoseconds for each symbol and second.
 */
export async function surveyOf(
  stretches: readonly Stretch<Ticker>[],
  signal: AbortSignal,
): Promise<readonly Holding[]> {
  const counted = new Map<Ticker, Counted>();
  let done = 0;
  signal.throwIfAborted();
  for (const { from, to, open } of stretches) {
    for (let second = from; second < to; second++) {
      if ((done += open.length) >= breath) {
        done = 0;
        await turn();
        signal.throwIfAborted();
      }
      for (const { ticker, hours } of open) {
        let counts = counted.get(ticker);
        if (counts === undefined) counted.set(ticker, (counts = new Map()));
        const { trades, quotes } = ticker.counts(second, hours);
        count(counts, 'trade', trades, second, hours);
        count(counts, 'quote', quotes, second, hours);
        const known = counts;
        if (ticker.saysMore) {
          ticker.makeRest(second, hours, (_, event) => count(known, event.kind, 1, second, hours));
        }
      }
    }
  }
  return [...counted].flatMap(([ticker, counts]) => holdings(ticker, counts));
}

function count(counts: Counted, channel: Channel, events: number, second: number, hours: Hours): void {
  if (events === 0) return;
  const known = counts.get(channel);
  if (known === undefined) {
    const place = { second, hours };
    counts.set(channel, { events, first: place, last: place });
    return;
  }
  known.events += events;
  known.last = { second, hours };
}

function holdings(ticker: Ticker, counts: Counted): Holding[] {
  const { symbol, market } = ticker.instrument;
  return [...counts].map(([channel, { events, first, last }]) => {
    const from = instants(ticker, channel, first).reduce((least, at) => (at < least ? at : least));
    const to = instants(ticker, channel, last).reduce((most, at) => (at > most ? at : most));
    return { symbol, market, channel, events, from, to };
  });
}

function instants(ticker: Ticker, channel: Channel, { second, hours }: Count['first']): Nanos[] {
  const found: MarketEvent[] = [];
  ticker.make(second, hours, (_, event) => {
    if (event.kind === channel) found.push(event);
  });
  return found.map(({ at }) => at);
}
