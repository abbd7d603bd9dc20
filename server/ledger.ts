import type { Channel, Market, MarketEvent, Nanos } from '../market/event.ts';

/** One row that a client was owed. */
export interface Row {
  readonly event: MarketEvent;
  /** Added to its times on the wire. */
  readonly shift: Nanos;
  /** How often it was sent on a stream as it is on the tape. */
  readonly sent: number;
  /** Whether it was told over HTTP. */
  readonly fetched: boolean;
}

/** What one client was owed, over all its connections to one stream. */
export interface Account {
  readonly exchange: string;
  readonly path: string;
  readonly client: string;
  /** Sums over everything it was owed: what it has subscribed to, from its first subscription on, connected or not. */
  readonly owed: number;
  /** Its stretches of missed rows, oldest first. Times as on the wire, both ends inclusive. */
  readonly missed: readonly Missed[];
  /** Every row, oldest first, read anew from the tape. */
  rows(signal: AbortSignal): AsyncIterable<Row>;
}

/** Rows of one symbol that a client was owed and not sent. */
export interface Missed {
  readonly market: Market;
  readonly symbol: string;
  readonly channel: Channel;
  readonly from: Nanos;
  readonly to: Nanos;
  readonly rows: number;
  /** Those of them that it fetched later. */
  readonly fetched: number;
  /** Why: the step whose fault took them, that it was not connected, or that it read too slowly. */
  readonly why: string;
}

/** Which rows each client was owed, sent, and missed. */
export interface Ledger {
  /** The accounts as they stand; reads the tape for them. */
  accounts(signal: AbortSignal): Promise<readonly Account[]>;
}
