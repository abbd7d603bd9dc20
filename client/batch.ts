import type { MarketEvent, Nanos } from '../market/event.ts';

/** Events that travel the pipeline together: those of one frame, or of one page of history. Never empty. */
export interface Batch {
  readonly events: readonly MarketEvent[];
  /** Who said so, as rows name it: alpaca, polygon, twelvedata, recycled. */
  readonly dataSource: string;
  /** `stream`: as it happens; `history`: asked for afterwards. */
  readonly origin: 'stream' | 'history';
  /**
   * History: which request this is an answer to, the same for all its pages and no other's. Equal events on both sides of a page's edge
   * are then told from the same event in two answers. A page without is an answer by itself.
   */
  readonly asking?: number;
  /** When it arrived, by the pipeline's clock. */
  readonly heardAt: Nanos;
}
