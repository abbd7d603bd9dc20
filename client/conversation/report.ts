import type { Nanos } from '../../market/event.ts';
import type { Trouble, Wants } from '../feeds/feed.ts';
import type { Deadline } from './deadline.ts';

/** What a vendor does not send although it was asked to, and why. */
export interface Denial {
  readonly wants: Wants;
  /** `unconfirmed`: it never said yes or no. */
  readonly why: Trouble | 'unconfirmed';
  /** The vendor's own words. */
  readonly message: string;
}

/** Why a connection ended. */
export type Ending =
  | { readonly by: 'vendor'; readonly code: number; readonly reason: string }
  | { readonly by: 'trouble'; readonly why: Trouble; readonly code: number | undefined; readonly message: string }
  | { readonly by: 'refusal'; readonly status: number; readonly why: Trouble; readonly message: string }
  | { readonly by: 'deadline'; readonly missed: Deadline }
  | { readonly by: 'silence' }
  | { readonly by: 'rotation' }
  | { readonly by: 'stop' };

/** What a connection tells about itself, for logs and health. Keys appear as labels only. */
export type Report =
  | { readonly kind: 'dialling'; readonly key: string; readonly attempt: number }
  | { readonly kind: 'logged-in'; readonly key: string }
  /** All that was asked for is answered: held or denied. */
  | { readonly kind: 'live'; readonly held: number; readonly denied: number }
  | { readonly kind: 'ended'; readonly ending: Ending }
  /** Nothing is tried before then. */
  | { readonly kind: 'waiting'; readonly until: Nanos; readonly key: string }
  | {
      readonly kind: 'key-offended';
      readonly key: string;
      readonly why: 'refused' | 'crowded';
      readonly bad: boolean;
      readonly until: Nanos;
    }
  | { readonly kind: 'denied'; readonly denial: Denial }
  /** Trouble that the connection survives. */
  | { readonly kind: 'trouble'; readonly why: Trouble; readonly code: number | undefined; readonly message: string }
  /** Asked for again, since it was not confirmed or has fallen silent. */
  | { readonly kind: 'asked-again'; readonly wants: Wants; readonly why: 'unanswered' | 'mute' }
  | { readonly kind: 'unreadable'; readonly why: string; readonly excerpt: string }
  /** What the socket itself complains of; its end follows. */
  | { readonly kind: 'socket-error'; readonly message: string };
