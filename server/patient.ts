import type { MarketEvent, Nanos } from '../market/event.ts';
import type { Shape, Victim } from './faults/fault.ts';
import type { Spoiler } from './solo.ts';

/** What faults do to an open connection. */
export interface Patient extends Victim {
  /** From now on its bytes travel like that. */
  bend(shapes: readonly Shape[]): void;
  /** From now on it hears its own, spoilt copy of the tape, or what all hear. */
  spoil(spoiler: Spoiler | undefined): void;
  /** Sends an event of nobody's tape, or what is held back until a tape time, to a client with its own copy. */
  insert(event: MarketEvent): void;
  release(until: Nanos): void;
  /** Sends what is ready before something else happens. */
  flush(): void;
}
