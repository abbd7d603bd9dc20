import type { Nanos } from '../../../../market/event.ts';
import { TimeZone } from '../../../../market/time-zone.ts';

const day: Nanos = 86_400_000_000_000n;
// Clocks change on a quarter of an hour, in every zone since zones count whole minutes.
const quarterMicros = 900_000_000;

/** A stretch of wall time of one quarter of an hour. */
export interface Stretch {
  /** What to take from the wall time to get the instant, of the first time when it comes twice. */
  readonly offset: Nanos;
  /** The same for the second time; `undefined` when it comes once. */
  readonly again: Nanos | undefined;
  /** False when clocks go forward over it, so that no clock ever showed it. */
  readonly exists: boolean;
}

/** Reads naive times of one zone: finds for each the offset, remembering the last quarter of an hour since rows come in order. */
export class WallClock {
  readonly #zone: TimeZone;
  #quarter = Number.NaN;
  #stretch: Stretch = { offset: 0n, again: undefined, exists: true };

  constructor(zone: string) {
    this.#zone = new TimeZone(zone);
  }

  /** The stretch that holds this wall time, in microseconds since 1970 as if the wall stood in UTC. */
  at(wallMicros: number): Stretch {
    const quarter = Math.floor(wallMicros / quarterMicros);
    if (quarter !== this.#quarter) {
      this.#quarter = quarter;
      this.#stretch = this.#look(BigInt(quarter * quarterMicros) * 1000n);
    }
    return this.#stretch;
  }

  /** What the wall shows at an instant. */
  wall(at: Nanos): Nanos {
    return this.#zone.wall(at);
  }

  #look(wall: Nanos): Stretch {
    const first = this.#zone.instant(wall);
    const after = this.#zone.offset(wall + day);
    const later = wall - after;
    const twice = later !== first && this.#zone.offset(later) === after;
    return {
      offset: wall - first,
      again: twice ? after : undefined,
      exists: this.#zone.wall(first) === wall,
    };
  }
}
