import type { Nanos } from '../../market/event.ts';
import type { Page } from '../sources/source.ts';

/** Where a deck finds its pages: a timeline, or a tape that never ends. */
export interface Reel {
  readonly from: Nanos;
  /** The exchange whose bars break a silence of the market; those that others make of the same trades do not. */
  readonly publisher?: string | undefined;
  pages(from: Nanos, signal: AbortSignal): AsyncIterable<Page>;
}

/** Events `page[from] … page[to - 1]`, and what their times are on the wire. */
export interface Portion {
  readonly page: Page;
  readonly from: number;
  readonly to: number;
  /** Added to every time on the wire: 0n as recorded. */
  readonly shift: Nanos;
  /** Every event says this instant instead of its own; absent: its own, moved by `shift`. */
  readonly stampedAt: Nanos | undefined;
}

/** What is due, together. */
export interface Emission extends Portion {
  /** Number of its first event, counted from 0 over all that the deck has played. */
  readonly sequence: number;
  /** Market instant at which tape time is 0: an event's tape time is its `at` minus this. */
  readonly origin: Nanos;
}
