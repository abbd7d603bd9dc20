import type { Bar, Nanos } from '../../market/event.ts';
import { average, exact } from '../bars/tally.ts';
import type { Chapter } from '../exchanges/rest.ts';

/** Cuts time into stretches, each of which becomes one bar. */
export interface Cut {
  /** First instant of the stretch that holds this one. */
  start(at: Nanos): Nanos;
}

/**
 * Folds bars into longer ones, stretch by stretch, in the order in which they come: oldest first or newest first. `startOf` tells the
 * start of a bar on the wire, and the folded bars carry theirs, so they need no shift any more.
 */
export async function* folded(
  chapters: AsyncIterable<Chapter<Bar>>,
  cut: Cut,
  startOf: (bar: Bar, shift: Nanos) => Nanos,
  newestFirst: boolean,
): AsyncGenerator<Chapter<Bar>> {
  let open: { readonly start: Nanos; readonly bars: Bar[] } | undefined;
  for await (const { events, shift } of chapters) {
    const finished: Bar[] = [];
    for (const bar of events) {
      const start = cut.start(startOf(bar, shift));
      if (open?.start === start) open.bars.push(bar);
      else {
        if (open !== undefined) finished.push(joined(open.start, open.bars, newestFirst));
        open = { start, bars: [bar] };
      }
    }
    if (finished.length > 0) yield { events: finished, shift: 0n };
  }
  if (open !== undefined) yield { events: [joined(open.start, open.bars, newestFirst)], shift: 0n };
}

/**
 * One bar of one or more, given in the order in which they come. Its average price is that of its bars, weighted by their volumes; a bar on
 * its own stays what it was.
 */
export function joined(start: Nanos, bars: readonly Bar[], newestFirst: boolean): Bar {
  const inOrder = newestFirst ? bars.toReversed() : bars;
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('a bar is folded of one bar or more');
  if (first === last) return { ...first, kind: 'bar', start };
  let volume = 0;
  let money = 0;
  let turnover: number | undefined = 0;
  let trades = 0;
  let [high, low] = [first.high, first.low];
  for (const bar of inOrder) {
    volume += bar.volume;
    money += bar.vwap * bar.volume;
    turnover = turnover === undefined || bar.turnover === undefined ? undefined : turnover + bar.turnover;
    trades += bar.trades;
    high = Math.max(high, bar.high);
    low = Math.min(low, bar.low);
  }
  return {
    ...last,
    kind: 'bar',
    start,
    open: first.open,
    high,
    low,
    volume: exact(volume),
    trades,
    // A bar without volume has prices all the same (crypto, from quotes): the last one's average stands for all.
    vwap: volume > 0 ? average(money / volume) : last.vwap,
    turnover: turnover === undefined ? undefined : exact(turnover),
  };
}
