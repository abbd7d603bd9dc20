/** Nanoseconds since the Unix epoch, UTC. A JS number would lose the last digits of a vendor's timestamp. */
export type Nanos = bigint;

/** The asset classes the vendors keep apart by path or by plan; `perps` are crypto's perpetual futures. */
export const markets = ['stocks', 'options', 'crypto', 'forex', 'indices', 'futures', 'perps'] as const;
export type Market = (typeof markets)[number];

/** What every event says: where, of what and when. */
export interface Happening {
  readonly market: Market;
  /** Vendor-neutral ticker: `AAPL`, `BTC/USD`, an OCC option symbol. Case is kept. */
  readonly symbol: string;
  /** When the market published it (SIP time for US stocks). Tapes are ordered by it and the deck plays by it. */
  readonly at: Nanos;
}
