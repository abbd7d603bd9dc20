import type { MarketEvent, Nanos } from '../market/event.ts';

/** Events that travel the pipeline together: those of one frame, or of one page of history. Never empty. */
export interface Batch {
  readonly events: readonly MarketEvent[];
  /** Who said so, as rows name it: alpaca, polygon, twelvedata, recycled. */
  readonly dataSource: string;
  /** `stream`: as it happens; `history`: asked for afterwards. */
  readonly origin: 'stream' | 'history';
  /** When it arrived, by the pipeline's clock. */
  readonly heardAt: Nanos;
}
