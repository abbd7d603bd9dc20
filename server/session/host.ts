import type { Clock } from '../../market/clock.ts';
import type { Market, Nanos } from '../../market/event.ts';
import type { Credentials } from '../exchanges/exchange.ts';
import type { Membership } from '../fan-out.ts';
import type { Interest } from '../fan-out/group.ts';
import type { Keys } from '../keys.ts';
import type { Log } from '../log.ts';
import type { Ordeal } from '../injection/ordeal.ts';
import type { SessionRecord } from './session-record.ts';

/** What a session needs of the run it belongs to. */
export interface Host {
  readonly clock: Clock;
  readonly keys: Pick<Keys, 'admit'>;
  readonly log: Log;
  /** What goes wrong with it, and what is written down of it. */
  readonly ordeal: Ordeal;
  readonly record: SessionRecord;
  /** Bytes that may wait for one client. */
  readonly outbox: number;
  /** Symbols, over all channels, that a session may hold whatever its plan. */
  readonly heldSymbols: number;
  /** Where the tapes have a symbol; absent when none of these markets has it. */
  marketOf(symbol: string, markets: readonly Market[]): Market | undefined;
  /** A place among the listeners of the session's tape. */
  join(interest: Interest): Membership;
  /** Bytes that it writes from now on wait so long. Wall time. */
  hold(span: Nanos): void;
  /** Whether a client that shows these has gone to another run, whose they are, taking its login with it. */
  moves(credentials: Credentials, login: Buffer): boolean;
  /** The acknowledgement of a subscription is on its way. */
  subscribed(): void;
  left(): void;
}
