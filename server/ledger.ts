import type { MarketEvent, Nanos } from '../market/event.ts';
import type { Covered } from './journal-entry.ts';

/** One row that a client was owed. */
export interface Row {
  readonly event: MarketEvent;
  /**
   * Added to its times on the wire. Where every event says when it was sent (`timestamps: now`), that moment is written down nowhere: then it
   * is what history says of its pass, which is off by as much as the tape was paused, sped up or cut since.
   */
  readonly shift: Nanos;
  /** How often it was sent on a stream as it is on the tape: written to the socket, whether or not the client was still there to read it. */
  readonly sent: number;
  /** Whether it was told over HTTP. */
  readonly fetched: boolean;
}

/** What one client was owed, over all its connections to one stream. */
export interface Account {
  readonly exchange: string;
  readonly path: string;
  readonly client: string;
  /**
   * Sums over everything it was owed: what it has subscribed to, from its first subscription on, connected or not. While it is away that is
   * what it last held there, until it subscribes to some of it again.
   */
  readonly owed: number;
  /** Its stretches of missed rows, oldest first. Times as on the wire, both ends inclusive. */
  readonly missed: readonly Missed[];
  /** What the ledger could not remember; absent as long as it has remembered everything. */
  readonly beyond?: Beyond;
  /** Every row, oldest first, read anew from the tape. Those that were played again, in a loop or after a seek, are rows again. */
  rows(signal: AbortSignal): AsyncIterable<Row>;
}

/** What a ledger has forgotten, or never took down, because its memory is bounded. */
export interface Beyond {
  /** Of so many events, the first that its deck played, nothing is told: it has been moved, or the client has changed its mind, too often. */
  readonly events: number;
  /** So often rows were sent otherwise than once and it was not taken down: they count as sent. */
  readonly losses: number;
  /** So many stretches of rows, told over HTTP, do not count as fetched. */
  readonly answers: number;
}

/**
 * Rows of one symbol that a client was owed and not sent, with none in between that it was. Bars by their start, and a minute's bar is a
 * `bar` however often it changed, as answers over HTTP tell them (`Covered`).
 */
export interface Missed extends Covered {
  /** Those of them that it fetched later. */
  readonly fetched: number;
  /** Why, after `because`: the step whose fault took them, that it was not connected, or that it read too slowly. */
  readonly why: string;
}

/** Which rows each client was owed, sent, and missed. */
export interface Ledger {
  /** The accounts as they stand; reads the tape for them. */
  accounts(signal: AbortSignal): Promise<readonly Account[]>;
}

/** A ledger for somebody who may want no more of it: it is read no further when the signal aborts. */
export function whileWanted(ledger: Ledger, signal: AbortSignal): Ledger {
  const either = (other: AbortSignal): AbortSignal => AbortSignal.any([signal, other]);
  return {
    accounts: async (end) =>
      (await ledger.accounts(either(end))).map((account) => ({
        ...account,
        rows: (endOfRows) => account.rows(either(endOfRows)),
      })),
  };
}
