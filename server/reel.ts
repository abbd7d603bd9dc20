import type { Nanos } from '../market/event.ts';
import type { Page } from './sources/source.ts';

/** Where a deck finds its pages: a timeline, or a tape that never ends. */
export interface Reel {
  readonly from: Nanos;
  /** The exchange whose bars break a silence of the market; those that others make of the same trades do not. */
  readonly publisher?: string | undefined;
  pages(from: Nanos, signal: AbortSignal): AsyncIterable<Page>;
}

/** Events `page[from] … page[to - 1]` are due, together. */
export interface Emission {
  readonly page: Page;
  readonly from: number;
  readonly to: number;
  /** Added to every time on the wire: 0n as recorded. */
  readonly shift: Nanos;
  /** Every event says this instant instead of its own; absent: its own, moved by `shift`. */
  readonly stampedAt: Nanos | undefined;
}
