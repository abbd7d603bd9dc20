import type { MarketEvent } from '../../market/event.ts';
import type { Ticks } from './ticks.ts';

/** Makes events of its own from those of a tape. */
export interface Deriver {
  /**
   * What follows from a page and is due up to its last instant, oldest first, without the page's own events. Pages come in time order,
   * each once; the next is read when everything has been taken of this.
   */
  take(ticks: Ticks): Iterable<MarketEvent>;
  /** What is due after the last page. */
  end(): Iterable<MarketEvent>;
}
