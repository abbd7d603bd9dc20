import { type DayNumber, type IsoDate, formatDate, parseDate } from './civil-date.ts';
import type { Nanos } from './event.ts';
import { minute } from './nanos.ts';
import type { TimeZone } from './time-zone.ts';

const dayMinutes = 24 * 60;
/** Days a calendar remembers; past it the memory starts afresh. Eleven years of days. */
const rememberedDays = 4096;
/** How far ahead `next` looks before it says that a market never opens again. */
const horizonDays = 366;

/** One day of a market, all its hours as instants. Spans are half open: the close no longer belongs to the day's trading. */
export interface TradingDay {
  /** The date the market calls it by. A currency day opens on the evening before its date. */
  readonly date: IsoDate;
  /** First moment of extended hours; equals `open` where there are none. */
  readonly preOpen: Nanos;
  readonly open: Nanos;
  readonly close: Nanos;
  /** End of extended hours; equals `close` where there are none. */
  readonly postClose: Nanos;
  /** True when the market closes early on this day. */
  readonly halfDay: boolean;
}

/** Hours of a day in minutes of wall time after its midnight; negative minutes lie on the evening before. */
export interface Hours {
  readonly preOpen: number;
  readonly open: number;
  readonly close: number;
  readonly postClose: number;
  readonly halfDay: boolean;
}

/** Says when a market trades: its days, and whether it is open at an instant. */
export class Calendar {
  /** Market identifier code (ISO 10383) where there is one: `XNYS`. */
  readonly name: string;
  readonly zone: TimeZone;
  readonly #hours: (day: DayNumber) => Hours | undefined;
  readonly #days = new Map<DayNumber, TradingDay | undefined>();

  /** `hours` is the whole rule of the market: the hours of a day, or `undefined` when it does not trade. */
  constructor(name: string, zone: TimeZone, hours: (day: DayNumber) => Hours | undefined) {
    this.name = name;
    this.zone = zone;
    this.#hours = hours;
  }

  /** The trading day of that date; `undefined` when the market stays closed. Throws a RangeError when it is no date. */
  on(date: IsoDate): TradingDay | undefined {
    return this.#day(parseDate(date));
  }

  /** Does the market trade in regular hours at this instant? */
  isOpen(at: Nanos): boolean {
    const day = this.dayOf(at);
    return day !== undefined && at >= day.open && at < day.close;
  }

  /** The trading day whose hours, extended ones included, hold this instant. */
  dayOf(at: Nanos): TradingDay | undefined {
    const date = this.zone.dayNumber(at);
    // A day may begin on the evening before its date, so tomorrow's may already run.
    for (const candidate of [date, date + 1]) {
      const day = this.#day(candidate);
      if (day !== undefined && at >= day.preOpen && at < day.postClose) return day;
    }
    return undefined;
  }

  /** The first trading day that opens after this instant. */
  next(at: Nanos): TradingDay {
    const from = this.zone.dayNumber(at);
    for (let ahead = 0; ahead <= horizonDays; ahead++) {
      const day = this.#day(from + ahead);
      if (day !== undefined && day.open > at) return day;
    }
    throw new RangeError(`${this.name} does not open within a year after ${this.zone.date(at)}`);
  }

  /** The trading days from one date to another, both included, oldest first. */
  *days(from: IsoDate, to: IsoDate): Generator<TradingDay, void, undefined> {
    const last = parseDate(to);
    for (let date = parseDate(from); date <= last; date++) {
      const day = this.#day(date);
      if (day !== undefined) yield day;
    }
  }

  #day(date: DayNumber): TradingDay | undefined {
    const known = this.#days.get(date);
    if (known !== undefined || this.#days.has(date)) return known;
    const hours = this.#hours(date);
    const day = hours && {
      date: formatDate(date),
      preOpen: this.#instant(date, hours.preOpen),
      open: this.#instant(date, hours.open),
      close: this.#instant(date, hours.close),
      postClose: this.#instant(date, hours.postClose),
      halfDay: hours.halfDay,
    };
    if (this.#days.size >= rememberedDays) this.#days.clear();
    this.#days.set(date, day);
    return day;
  }

  #instant(date: DayNumber, minutes: number): Nanos {
    return this.zone.instant(BigInt(date * dayMinutes + minutes) * minute);
  }
}
