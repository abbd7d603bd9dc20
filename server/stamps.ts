import { minute } from '../market/duration.ts';
import type { Nanos } from '../market/event.ts';

/** What the times on the wire say: as recorded, moved so that the pass begins now, or the instant of sending. */
export type Timestamps = 'original' | 'shifted' | 'now';

/**
 * Decides by how much the times of an emission are moved. `shifted` keeps one whole number of minutes for a pass, so that
 * intervals survive and bars stay on their minutes, and never runs backwards from one pass to the next.
 */
export class Stamps {
  readonly #mode: 'original' | 'shifted';
  #shift: Nanos | undefined;
  /** The latest instant put on the wire. */
  #reached = 0n;

  constructor(mode: 'original' | 'shifted') {
    this.#mode = mode;
  }

  /** Shift for events recorded between `first` and `last` and sent at `now`. */
  shift(first: Nanos, last: Nanos, now: Nanos): Nanos {
    if (this.#mode === 'original') return 0n;
    if (this.#shift === undefined) {
      this.#shift = floorMinute(now - first);
      if (first + this.#shift < this.#reached) this.#shift = floorMinute(this.#reached - first) + minute;
    }
    this.#reached = last + this.#shift;
    return this.#shift;
  }

  /** The needle has moved: the next emission starts a new pass or comes from elsewhere on the tape. */
  renew(): void {
    this.#shift = undefined;
  }
}

function floorMinute(span: Nanos): Nanos {
  return span - (((span % minute) + minute) % minute);
}
