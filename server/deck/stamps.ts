import type { Nanos } from '../../market/event.ts';
import { floorTo, minute } from '../../market/nanos.ts';

/** What the times on the wire say: as recorded, moved so that the pass begins now, or the instant of sending. */
export type Timestamps = 'original' | 'shifted' | 'now';

/** A part of the tape that has been played, ends included, and by how much its times were moved. */
export interface Stretch {
  readonly from: Nanos;
  to: Nanos;
  shift: Nanos;
}

/** Stretches that are remembered: one for each pass or seek whose times were shifted. */
const rememberedStretches = 1000;

/**
 * Decides by how much the times of an emission are moved, and remembers what was played under which times. `shifted` keeps one whole
 * number of minutes for a pass, so that intervals survive and bars stay on their minutes, and never runs backwards from one pass to
 * the next.
 */
export class Stamps {
  readonly #mode: Timestamps;
  /** Where the tape begins. */
  readonly #from: Nanos;
  readonly #played: Stretch[] = [];
  /** The stretch that is being played. */
  #current: Stretch | undefined;

  constructor(mode: Timestamps, from: Nanos) {
    this.#mode = mode;
    this.#from = from;
  }

  /**
   * What somebody who asks for history has missed, oldest first: everything since the tape began, up to the last event. When times are
   * shifted, earlier passes are the past of later ones; otherwise a pass or a seek begins the past anew.
   */
  get played(): readonly Stretch[] {
    return this.#played;
  }

  /** The shift of what comes next; `undefined` when that is not known before it is sent. */
  get current(): Nanos | undefined {
    return this.#mode === 'now' ? undefined : this.#current?.shift;
  }

  /** Shift for events recorded between `first` and `last` and sent at `now`; 0n where every event says the instant of sending. */
  shift(first: Nanos, last: Nanos, now: Nanos): Nanos {
    const stretch = (this.#current ??= this.#begin(first, now));
    stretch.to = last;
    if (this.#mode !== 'now') return stretch.shift;
    stretch.shift = now - last;
    return 0n;
  }

  /** The needle has moved: the next emission starts a new pass or comes from elsewhere on the tape. */
  renew(): void {
    this.#current = undefined;
  }

  #begin(first: Nanos, now: Nanos): Stretch {
    const previous = this.#played.at(-1);
    if (this.#mode !== 'shifted' || previous === undefined) {
      const stretch = {
        from: this.#from,
        to: first,
        shift: this.#mode === 'shifted' ? floorTo(now - first, minute) : 0n,
      };
      this.#played.splice(0, Infinity, stretch);
      return stretch;
    }
    const reached = previous.to + previous.shift;
    let shift = floorTo(now - first, minute);
    if (first + shift < reached) shift = floorTo(reached - first, minute) + minute;
    // What was sent under the earlier times is not told again under the new ones; what is sent now is, even at the very same time.
    const unsent = reached + 1n - shift < first ? reached + 1n - shift : first;
    const stretch = { from: unsent > this.#from ? unsent : this.#from, to: first, shift };
    if (this.#played.push(stretch) > rememberedStretches) this.#played.shift();
    return stretch;
  }
}
