import type { Bar, Nanos } from '../../../../market/event.ts';
import { floorTo, hour, minute, second } from '../../../../market/nanos.ts';
import { type Chapter, folded, type History, type Span } from '../../exchange.ts';
import { midnightOf, type Place } from './markets.ts';
import { type Timespan, Windows } from './windows.ts';

/** What all other aggregates are made of (vendor's blog, "aggregate data API improvements"; seconds came later). */
export type Base = 'second' | 'minute' | 'day';

export function baseOf(timespan: Timespan): Base {
  if (timespan === 'second') return 'second';
  return timespan === 'minute' || timespan === 'hour' ? 'minute' : 'day';
}

export interface BaseBars {
  readonly chapters: AsyncIterable<Chapter<Bar>>;
  /** Start of a bar on the wire. */
  readonly startOf: (bar: Bar, shift: Nanos) => Nanos;
}

/** A day's bar is looked for by its start on the tape, from which that on the wire may be a day away. */
const slack: Nanos = 26n * hour;

/** Base aggregates of a span, each as it was last streamed; some before and after it come along. */
export function baseBars(
  history: History,
  span: Span & { readonly market: Place | 'futures' },
  base: Base,
  signal: AbortSignal,
): BaseBars {
  if (base !== 'day') {
    const width = base === 'second' ? second : minute;
    return { chapters: history.bars(span, base, signal), startOf: (bar, shift) => floorTo(bar.start + shift, width) };
  }
  const { market, newestFirst } = span;
  // The day of currencies elsewhere ends at 17:00 in New York, here at midnight.
  if (market === 'forex') {
    const minutes = baseBars(history, span, 'minute', signal);
    const days = new Windows('day', 1, market, 0n);
    return { chapters: folded(minutes.chapters, days, minutes.startOf, newestFirst), startOf: ({ start }) => start };
  }
  return {
    chapters: history.bars({ ...span, from: span.from - slack, to: span.to + slack }, base, signal),
    // The day that holds the moved noon: a shift across a change of clocks may move midnight into the day before.
    startOf: (bar, shift) => midnightOf(market, bar.start + shift + 12n * hour),
  };
}
