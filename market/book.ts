import type { Happening, Nanos } from './happening.ts';

/** One price of an order book. */
export interface Level {
  readonly price: number;
  /** 0 removes the level. */
  readonly size: number;
}

/** A crypto order book, whole or as far as it changed. */
export interface Book extends Happening {
  readonly kind: 'book';
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  /** True when this replaces the whole book. */
  readonly reset: boolean;
  readonly exchange: string | undefined;
  /** When the vendor received it. */
  readonly receivedAt: Nanos | undefined;
  /** The exchange that made it whole for its own clients; absent on books that a tape holds. */
  readonly publisher?: string;
}
