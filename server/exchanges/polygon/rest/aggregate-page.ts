import type { Bar, Nanos } from '../../../../market/event.ts';
import { type Cut, joined } from '../../exchange.ts';
import type { BaseBars } from './base-bars.ts';

export interface AggregatePage {
  /** Each with its start on the wire. */
  readonly bars: readonly Bar[];
  /** How many base aggregates they were made of. */
  readonly queried: number;
  /** Start of the window with which the next page begins; absent when nothing follows. */
  readonly next: Nanos | undefined;
}

/** Which aggregates a page holds: those that start between two instants, both inclusive, in either order. */
export interface AggregatePart {
  readonly from: Nanos;
  readonly to: Nanos;
  readonly newestFirst: boolean;
  /** Base aggregates that a page is made of at most, unless its first window alone has more. */
  readonly limit: number;
}

/**
 * Makes one page of windows, each whole: a window for which the base aggregates of the page do not suffice is left to the next one (vendor's
 * blog, "aggregate data API improvements": what would be partial is not returned).
 */
export async function aggregatePage(
  { chapters, startOf }: BaseBars,
  windows: Cut,
  { from, to, newestFirst, limit }: AggregatePart,
): Promise<AggregatePage> {
  const bars: Bar[] = [];
  let queried = 0;
  let open: { readonly start: Nanos; readonly parts: Bar[] } | undefined;
  for await (const { events, shift } of chapters) {
    for (const bar of events) {
      const at = startOf(bar, shift);
      if (at < from || at > to) continue;
      const start = windows.start(at);
      if (open?.start !== start) {
        if (open !== undefined) {
          bars.push(joined(open.start, open.parts, newestFirst));
          queried += open.parts.length;
        }
        if (queried >= limit) return { bars, queried, next: start };
        open = { start, parts: [] };
      }
      open.parts.push(bar);
      if (bars.length > 0 && queried + open.parts.length > limit) return { bars, queried, next: start };
    }
  }
  if (open !== undefined) {
    bars.push(joined(open.start, open.parts, newestFirst));
    queried += open.parts.length;
  }
  return { bars, queried, next: undefined };
}
