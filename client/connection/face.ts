import type { Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import type { Batch } from '../batch.ts';
import type { ConnectionSettings } from '../connection-settings.ts';
import type { Denial, LostWhy, Phase, Report } from '../conversation.ts';
import type { Feed, Key, Wants } from '../feeds/feed.ts';
import type { KeyRecord } from '../key-ring.ts';
import type { MarketHours } from '../market-hours.ts';

/** Who hears a connection. Nothing of it may throw. */
export interface ConnectionListener {
  /** What one frame brought. A promise asks for patience: nothing more comes before it resolves. It never rejects. */
  batch(batch: Batch): Promise<void> | undefined;
  /** The vendor sends these from now on. `at`: by the client's clock. */
  covered(what: { readonly wants: Wants; readonly at: Nanos }): void;
  /** The vendor sends these no longer, or is mute about them. `at`: until when they surely came, by the client's clock. */
  lost(what: { readonly wants: Wants; readonly at: Nanos; readonly why: LostWhy }): void;
  reported(report: Report): void;
}

export interface ConnectionOptions {
  readonly feed: Feed;
  /** At least one; a vendor that needs none takes one whose id is empty. */
  readonly keys: readonly Key[];
  readonly wants?: Wants;
  readonly settings: ConnectionSettings;
  readonly clock: Clock;
  /** Chance, in [0, 1). */
  readonly draw: () => number;
  readonly listener: ConnectionListener;
  /** What rows name as their source; the vendor when absent. */
  readonly dataSource?: string;
  readonly hours?: MarketHours;
}

/** How a connection fares, for health. */
export interface ConnectionState {
  readonly phase: Phase;
  /** When this phase began. */
  readonly since: Nanos;
  /** When it dials, while it waits. */
  readonly dialsAt: Nanos | undefined;
  readonly attempts: number;
  /** Attempts in a row that were of no use. */
  readonly failures: number;
  /** Label of the key in use. */
  readonly key: string | undefined;
  readonly keys: readonly KeyRecord[];
  readonly held: Wants;
  readonly denied: readonly Denial[];
  /** By the client's clock; `undefined` before any data. */
  readonly lastDataAt: Nanos | undefined;
  readonly frames: number;
  readonly events: number;
  readonly unreadable: number;
}
