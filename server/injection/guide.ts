import type { Cancel } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import type { TapePlace } from './agenda.ts';
import type { Circumstances } from '../faults/fault.ts';
import type { Injection } from './injection.ts';
import type { Aim } from './injection-terms.ts';
import type { Place } from '../ledger/strays.ts';

/** What an ordeal needs of whoever leads it. */
export interface Guide {
  /** Tape time and market time of what happens now. */
  readonly tape: Nanos;
  readonly market: Nanos | undefined;
  circumstances(injection: Injection): Omit<Circumstances, 'chance' | 'symbols'>;
  /** A client does something that may set off a rule. */
  does(action: 'login' | 'subscribe' | 'unsubscribe' | 'ping', aim: Aim): void;
  /** An event is being heard: until `heard`, what happens happens there. Returns false while something else is under way, and happens there. */
  hears(place: TapePlace): boolean;
  heard(): void;
  /** Something held back is to be released at that tape time, if no event comes before. */
  remind(tape: Nanos, call: () => void): Cancel;
  /** A session was not sent an event of the tape as it is; or was, after all, or once more. */
  lost(session: number, place: Place, step: string): void;
  found(session: number, place: Place): void;
}
