import type { MarketEvent, Nanos } from '../../market/event.ts';
import type { ConnectionSettings } from '../connection-settings.ts';
import type { Feed, Key, Message, Notice, Trouble, Wants } from '../feeds/feed.ts';
import type { Deadline } from './deadline.ts';
import type { Report } from './report.ts';

/** Why nothing more comes of what was covered. */
export type LostWhy = 'ended' | 'mute' | 'released' | 'unwanted';

/** What befalls a conversation. Events of a socket that was dropped are no inputs. */
export type Input =
  | { readonly kind: 'start' }
  | { readonly kind: 'opened' }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly why: Trouble;
      readonly message: string;
      /** How long it asks us to stay away. */
      readonly told: Nanos | undefined;
    }
  /** A frame that says more than data, or any frame while answers are awaited: its events prove what was granted. */
  | { readonly kind: 'heard'; readonly notices: readonly Notice[]; readonly events: readonly MarketEvent[] }
  | { readonly kind: 'pong' }
  | { readonly kind: 'due'; readonly deadline: Deadline }
  | { readonly kind: 'closed'; readonly code: number; readonly reason: string }
  | { readonly kind: 'wanted'; readonly wants: Wants }
  /** These have been silent since then, unlike the market. `reconnect`: asking for them again is not enough. */
  | { readonly kind: 'mute'; readonly wants: Wants; readonly since: Nanos; readonly reconnect: boolean }
  /** Nothing is read for a while, as whoever reads needs time; and read again. */
  | { readonly kind: 'paused' | 'resumed' }
  /** Go on with the next key. */
  | { readonly kind: 'rotate' }
  | { readonly kind: 'stop' };

/** What a conversation has done for it. */
export type Order =
  /** Dials with the key of that number. Only after the socket before it has ended or was dropped. */
  | { readonly order: 'connect'; readonly key: number }
  | { readonly order: 'send'; readonly message: Message }
  | { readonly order: 'ping' }
  | { readonly order: 'arm'; readonly deadline: Deadline; readonly at: Nanos }
  | { readonly order: 'disarm'; readonly deadline: Deadline | 'all' }
  /** Says goodbye and waits for the other end's. */
  | { readonly order: 'close' }
  /** Says goodbye and destroys the socket at once. */
  | { readonly order: 'drop' }
  | { readonly order: 'covered'; readonly wants: Wants; readonly at: Nanos }
  | { readonly order: 'lost'; readonly wants: Wants; readonly at: Nanos; readonly why: LostWhy }
  | { readonly order: 'report'; readonly report: Report }
  /** It is over for good. */
  | { readonly order: 'left' };

/** All that a decision depends on besides the state. */
export interface Context {
  readonly feed: Feed;
  readonly keys: readonly Key[];
  readonly settings: ConnectionSettings;
  readonly now: Nanos;
  /** Chance, in [0, 1). */
  readonly draw: number;
}
