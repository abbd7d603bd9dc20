import type { Calendar } from '../../market/calendar.ts';
import type { Channel, Market, Nanos } from '../../market/event.ts';
import type { Broadcast } from '../sinks/broadcast/index.ts';
import type { Cache } from '../sinks/cache/index.ts';
import type { SinkHealth } from '../sinks/sink.ts';
import type { Wants } from '../wants.ts';

/** A part of the pipeline and how it fares. A gap that is open makes its part `ailing`; rows that are lost make it `failing`. */
export interface Part extends SinkHealth {
  readonly kind: 'connection' | 'subscriptions' | 'sink' | 'gaps' | 'rules';
  readonly name: string;
}

/** One connection to a vendor. */
export interface WatchedConnection {
  readonly name: string;
  readonly vendor: string;
  /** In the words of the connection: `live`, `connecting`, `resting` …. */
  readonly phase: string;
  /** Label of the key in use, never the key. */
  readonly key: string | undefined;
  readonly connectedAt: Nanos | undefined;
  /** When an event last came. */
  readonly heardAt: Nanos | undefined;
  readonly reconnects: number;
  readonly held: Wants;
  readonly denied: readonly { readonly wants: Wants | undefined; readonly message: string }[];
}

/** A key by its label, never itself. */
export interface WatchedKey {
  readonly label: string;
  readonly vendor: string;
  readonly state: string;
  /** How often it was used to log in or to ask. */
  readonly uses: number;
  readonly usedAt: Nanos | undefined;
}

export interface WatchedGap {
  readonly symbol: string;
  readonly channel: Channel;
  readonly from: Nanos;
  readonly to: Nanos | undefined;
  readonly state: 'open' | 'filling' | 'filled' | 'given-up';
}

/** What went through since the pipeline was started. */
export interface Counts {
  readonly heard: number;
  readonly rejected: number;
  readonly repaired: number;
  readonly backfilled: number;
  readonly unreadable: number;
}

/** What the service shows of a pipeline, and all that it knows of one. */
export interface Watched {
  /** Every part, well or not. */
  health(): readonly Part[];
  connections(): readonly WatchedConnection[];
  keys(): readonly WatchedKey[];
  gaps(): readonly WatchedGap[];
  counts(): Counts;
  readonly cache: Cache;
  readonly broadcast: Broadcast;
  /** When the markets that are listened to trade. */
  readonly calendars: ReadonlyMap<Market, Calendar>;
}
