import { type DayNumber, dayNumber, monthOf, weekdayOf, weekdays, yearOf } from './civil-date.ts';
import type { Nanos } from './event.ts';
import { day, floorTo, hour, minute, modulo, second } from './nanos.ts';
import type { TimeZone } from './time-zone.ts';

/** Length of a bar: seconds, minutes, hours, days, weeks, months. */
export type BarLength = `${number}${Unit}`;

type Unit = 's' | 'm' | 'h' | 'd' | 'w' | 'M';

const shape = /^([1-9]\d?)([smhdwM])$/;
/** Which counts of a unit fit the wall: a bucket never reaches past the hour, the day or the year it belongs to. */
const fits: Readonly<Record<Unit, (count: number) => boolean>> = {
  s: (count) => count < 60,
  m: (count) => count < 60,
  h: (count) => count < 24,
  d: (count) => count === 1,
  w: (count) => count === 1,
  M: (count) => 12 % count === 0,
};
const widths: Readonly<Record<Unit, Nanos>> = { s: second, m: minute, h: hour, d: day, w: 7n * day, M: 0n };

/** Is this text a length that `Buckets` can cut? Up to 59 s, 59 m, 23 h, one day, one week, or months that divide a year. */
export function isBarLength(text: string): text is BarLength {
  return read(text) !== undefined;
}

/**
 * Cuts time into the buckets of one bar length. Seconds and minutes are counted in UTC, which is the wall's grid wherever the zone is whole
 * hours from it. Hours and longer follow the wall: a day starts at midnight in the zone (04:00Z or 05:00Z for New York), a week on
 * Monday, a month on its first. On the days the clocks change, a day has 23 or 25 hours and an hour-long bucket keeps its hour.
 */
export class Buckets {
  readonly length: BarLength;
  readonly #zone: TimeZone;
  readonly #count: number;
  readonly #unit: Unit;
  readonly #width: Nanos;
  /** Wall time at which a day begins, counted from the midnight of its date. */
  readonly #dayBegins: Nanos;

  /**
   * `dayBegins` moves the start of days, weeks and months: -7 h for currencies, whose day starts at 17:00 on the evening before. Throws a
   * RangeError for a length it cannot cut.
   */
  constructor(length: BarLength, zone: TimeZone, dayBegins: Nanos = 0n) {
    const parts = read(length);
    if (parts === undefined) {
      throw new RangeError(`'${length}' is no bar length; expected 1-59s, 1-59m, 1-23h, 1d, 1w or 1, 2, 3, 4, 6, 12M`);
    }
    this.length = length;
    this.#zone = zone;
    this.#count = parts.count;
    this.#unit = parts.unit;
    this.#width = BigInt(parts.count) * widths[parts.unit];
    this.#dayBegins = dayBegins;
  }

  /** First instant of the bucket that holds this one. */
  start(at: Nanos): Nanos {
    if (this.#unit === 's' || this.#unit === 'm') return floorTo(at, this.#width);
    return this.#unit === 'h' ? this.#hours(at) : this.#opening(this.#firstDay(at, 0));
  }

  /** First instant after the bucket that starts at `start`. */
  end(start: Nanos): Nanos {
    if (this.#unit === 's' || this.#unit === 'm') return start + this.#width;
    if (this.#unit !== 'h') return this.#opening(this.#firstDay(start, 1));
    const wall = this.#zone.wall(start);
    const intoDay = modulo(wall, day);
    const onGrid = floorTo(intoDay, this.#width) + this.#width;
    const left = (onGrid < day ? onGrid : day) - intoDay;
    // Across a change of clocks the bucket is longer or shorter than its name, and an hour may come twice or not at all.
    const byClock = this.#hours(start + left);
    const byWall = this.#zone.instant(wall + left);
    return byClock > start && byClock < byWall ? byClock : byWall;
  }

  #hours(at: Nanos): Nanos {
    const wall = this.#zone.wall(at);
    const intoBucket = modulo(modulo(wall, day), this.#width);
    const start = at - intoBucket;
    return this.#zone.offset(start) === this.#zone.offset(at) ? start : this.#zone.instant(wall - intoBucket);
  }

  /** The first date of the bucket that holds the instant, or of one `ahead` of it. */
  #firstDay(at: Nanos, ahead: number): DayNumber {
    const wall = this.#zone.wall(at) - this.#dayBegins;
    const date = Number((wall - modulo(wall, day)) / day);
    if (this.#unit === 'd') return date + ahead;
    if (this.#unit === 'w') return date - ((weekdays.indexOf(weekdayOf(date)) + 6) % 7) + ahead * 7;
    const months = monthOf(date) - 1;
    return dayNumber(yearOf(date), months - (months % this.#count) + 1 + ahead * this.#count, 1);
  }

  #opening(date: DayNumber): Nanos {
    return this.#zone.instant(BigInt(date) * day + this.#dayBegins);
  }
}

function read(text: string): { readonly count: number; readonly unit: Unit } | undefined {
  const [, digits = '', letter = ''] = shape.exec(text) ?? [];
  const count = Number(digits);
  return isUnit(letter) && fits[letter](count) ? { count, unit: letter } : undefined;
}

function isUnit(letter: string): letter is Unit {
  return letter in fits;
}
