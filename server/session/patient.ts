import type { MarketEvent, Nanos } from '../../market/event.ts';
import type { Shape, Victim } from '../faults/fault.ts';
import type { Spoiler } from '../fan-out/solo.ts';
import type { Place } from '../ledger/strays.ts';

/** What faults do to an open connection. */
export interface Patient extends Victim {
  /** From now on its bytes travel like that. */
  bend(shapes: readonly Shape[]): void;
  /** From now on it hears its own, spoilt copy of the tape, or what all hear. */
  spoil(spoiler: Spoiler | undefined): void;
  /** Sends an event beside the tape, if the client wants it and has its own copy, or what is held back until a tape time. */
  insert(event: MarketEvent, place: Place | undefined): boolean;
  release(until: Nanos): void;
  /** Sends what is ready before something else happens. */
  flush(): void;
}
