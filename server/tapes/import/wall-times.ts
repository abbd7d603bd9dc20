import type { Nanos } from '../../../market/event.ts';
import { TimeZone } from '../../../market/time-zone.ts';
import { TapeError } from '../../sources/source.ts';
import { refuse } from './columns.ts';
import { isoOf } from '../instant.ts';
import type { Moment } from './instants.ts';

const day = 86_400_000_000_000n;

/** Where a symbol's rows have come to, and which way they go. */
interface Course {
  at: Nanos;
  backwards: boolean;
}

/**
 * Makes instants of times that are written without a zone. An hour that the clocks skip is no time: its row is refused. An hour that comes
 * twice is told by the rows before it of the same symbol: the next instant on their way, forwards or backwards, so that no two bars get one
 * start. Without such rows it is the first of the two.
 */
export class WallTimes {
  readonly #zone: TimeZone;
  readonly #courses = new Map<string, Course>();

  constructor(zone: TimeZone) {
    this.#zone = zone;
  }

  /** Throws a `BadRow` for a time that no clock of the zone has shown. */
  instant(symbol: string, wall: Nanos): Nanos {
    const course = this.#courses.get(symbol);
    const at = this.#choose(course, wall);
    if (course === undefined) this.#courses.set(symbol, { at, backwards: false });
    else {
      if (at !== course.at) course.backwards = at < course.at;
      course.at = at;
    }
    return at;
  }

  #choose(course: Course | undefined, wall: Nanos): Nanos {
    const first = this.#zone.instant(wall);
    if (this.#zone.wall(first) !== wall) {
      return refuse(`the clocks of ${this.#zone.name} skip this time`, isoOf(wall).slice(0, 19));
    }
    const second = wall - this.#zone.offset(wall + day);
    if (second === first || this.#zone.wall(second) !== wall) return first;
    if (course === undefined) return first;
    if (course.at > second) return second;
    return course.at < first || course.backwards ? first : second;
  }
}

/** A zone by its IANA name. Throws a `TapeError` for an unknown one. */
export function zoneOf(name: string): TimeZone {
  try {
    return new TimeZone(name);
  } catch (cause) {
    throw new TapeError(`--time-zone ${name}: no such zone; give an IANA name such as America/New_York or UTC`, {
      cause,
    });
  }
}

/** The instant of a moment. Throws a `TapeError` when it is naive and nobody said which zone is meant: every row of the file would be wrong. */
export function instantOf(moment: Moment, symbol: string, walls: WallTimes | undefined, path: string): Nanos {
  if (!moment.naive) return moment.nanos;
  if (walls !== undefined) return walls.instant(symbol, moment.nanos);
  throw new TapeError(
    `${path}: its times have no zone (${isoOf(moment.nanos).slice(0, 19)}); say which clocks they are of, such as --time-zone America/New_York`,
  );
}
