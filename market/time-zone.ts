import { type DayNumber, type IsoDate, formatDate, parseDate } from './civil-date.ts';
import type { Nanos } from './event.ts';
import { day, milli, second } from './nanos.ts';

/** Days whose offset a zone remembers; past it the memory starts afresh. Eleven years of days. */
const rememberedDays = 4096;
const offsetShape = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** A stretch of one UTC day in which the zone keeps one distance from UTC. */
interface Span {
  readonly from: Nanos;
  readonly to: Nanos;
  readonly offset: Nanos;
}

/**
 * Wall time of one IANA zone and back, following its daylight saving. Wall time is Nanos too, counted as if the wall stood in UTC:
 * 09:30 in New York is the wall time that 09:30Z would be an instant.
 */
export class TimeZone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #days = new Map<Nanos, readonly Span[]>();
  #last: Span = { from: 0n, to: 0n, offset: 0n };

  /** Throws a RangeError for a name the machine's zone tables do not know. */
  constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  }

  /** How far the wall is ahead of UTC at this instant: -4 h for New York in summer. */
  offset(at: Nanos): Nanos {
    if (at >= this.#last.from && at < this.#last.to) return this.#last.offset;
    const spans = this.#spans(floorDiv(at, day));
    const span = spans.find(({ to }) => at < to) ?? this.#last;
    this.#last = span;
    return span.offset;
  }

  /** What the wall clock shows at this instant. */
  wall(at: Nanos): Nanos {
    return at + this.offset(at);
  }

  /**
   * The instant at which the wall clock shows this. A time that comes twice (clocks go back) is the first of the two; a time that is
   * skipped (clocks go forward) is read with the offset before the change, so 02:30 becomes 03:30. RFC 5545 §3.3.5 and
   * Temporal's `compatible` say the same.
   */
  instant(wall: Nanos): Nanos {
    // Wall and UTC differ by at most 14 h, so a day earlier and a day later lie on either side of any change nearby.
    const before = this.offset(wall - day);
    const first = wall - before;
    if (this.offset(first) === before) return first;
    const after = this.offset(wall + day);
    const later = wall - after;
    return this.offset(later) === after ? later : first;
  }

  /** The date on the wall at this instant. */
  date(at: Nanos): IsoDate {
    return formatDate(this.dayNumber(at));
  }

  /** The date on the wall at this instant, for arithmetic. */
  dayNumber(at: Nanos): DayNumber {
    return Number(floorDiv(this.wall(at), day));
  }

  /** The instant of a wall time such as `2026-07-01`, `09:30`. The time may pass midnight either way: `24:00`. */
  at(date: IsoDate, time = '00:00'): Nanos {
    const [, hours, minutes, seconds = '0'] = /^(\d\d):(\d\d)(?::(\d\d))?$/.exec(time) ?? [];
    if (hours === undefined || minutes === undefined) {
      throw new RangeError(`'${time}' is no time of day; expected hh:mm or hh:mm:ss`);
    }
    const sinceMidnight = BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds);
    return this.instant(BigInt(parseDate(date)) * day + sinceMidnight * second);
  }

  #spans(utcDay: bigint): readonly Span[] {
    const known = this.#days.get(utcDay);
    if (known !== undefined) return known;
    const spans = this.#measure(utcDay * day, (utcDay + 1n) * day);
    if (this.#days.size >= rememberedDays) this.#days.clear();
    this.#days.set(utcDay, spans);
    return spans;
  }

  /** No zone changes its clocks twice within a day, so equal ends mean one span and unequal ends one change. */
  #measure(from: Nanos, to: Nanos): readonly Span[] {
    const before = this.#ask(from);
    const after = this.#ask(to - second);
    if (before === after) return [{ from, to, offset: before }];
    let low = from;
    let high = to - second;
    while (high - low > second) {
      const middle = low + ((high - low) / second / 2n) * second;
      if (this.#ask(middle) === before) low = middle;
      else high = middle;
    }
    return [
      { from, to: high, offset: before },
      { from: high, to, offset: after },
    ];
  }

  /** The zone tables' own word, slow: some microseconds. */
  #ask(at: Nanos): Nanos {
    const text = this.#format.format(Number(at / milli));
    const match = offsetShape.exec(text);
    if (match === null)
      throw new RangeError(`the offset of ${this.name} came as '${text}', expected it to end in GMT±hh:mm`);
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = match;
    const size = (BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds)) * second;
    return sign === '-' ? -size : size;
  }
}

/** Division that rounds towards the past, also before 1970. */
function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value < 0n && quotient * by !== value ? quotient - 1n : quotient;
}
