/** A date on some wall calendar, as ISO 8601 text: `2026-07-01`. Which wall is the reader's business. */
export type IsoDate = string;

/** Days since 1970-01-01 in the proleptic Gregorian calendar, for arithmetic on dates. */
export type DayNumber = number;

export const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
export type Weekday = (typeof weekdays)[number];

const dayMillis = 86_400_000;
const shape = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Names a day for arithmetic. `month` counts from 1; days past the month's end run into the next. */
export function dayNumber(year: number, month: number, day: number): DayNumber {
  const first = new Date(0);
  // Date.UTC takes the years 0 to 99 for those of 1900.
  return Math.floor(first.setUTCFullYear(year, month - 1, day) / dayMillis);
}

/** Reads `2026-07-01`. Throws a RangeError for text that names no day of the calendar. */
export function parseDate(date: IsoDate): DayNumber {
  const [, year, month, day] = shape.exec(date) ?? [];
  const number = dayNumber(Number(year), Number(month), Number(day));
  if (Number.isNaN(number) || formatDate(number) !== date) {
    throw new RangeError(`'${date}' is no date; expected a day of the calendar such as 2026-07-01`);
  }
  return number;
}

/** The text that `parseDate` reads back. Throws a RangeError for a day before the year 0 or after 9999, which has none. */
export function formatDate(day: DayNumber): IsoDate {
  const text = new Date(day * dayMillis).toISOString();
  // Years of other than four digits are written with a sign.
  if (text.length > 24) throw new RangeError(`day ${day} since 1970 lies before the year 0 or after 9999`);
  return text.slice(0, 10);
}

export function yearOf(day: DayNumber): number {
  return new Date(day * dayMillis).getUTCFullYear();
}

/** Month of the year, counted from 1. */
export function monthOf(day: DayNumber): number {
  return new Date(day * dayMillis).getUTCMonth() + 1;
}

export function weekdayOf(day: DayNumber): Weekday {
  // 1970-01-01 was a Thursday; the second modulo keeps days before it positive.
  return weekdays[(((day + 4) % 7) + 7) % 7] ?? 'Sun';
}

/** This day when it is such a weekday, else the first one after it. */
export function onOrAfter(weekday: Weekday, day: DayNumber): DayNumber {
  return day + ((weekdays.indexOf(weekday) - weekdays.indexOf(weekdayOf(day)) + 7) % 7);
}

/** The third Monday of January, the last Monday of May: `nth` counts from 1, or is -1 for the month's last. */
export function nthWeekday(nth: number, weekday: Weekday, year: number, month: number): DayNumber {
  return nth > 0
    ? onOrAfter(weekday, dayNumber(year, month, 1)) + (nth - 1) * 7
    : onOrAfter(weekday, dayNumber(year, month + 1, 1)) + nth * 7;
}

/** Easter Sunday of the Gregorian calendar (the anonymous computus published in Nature, 1876). */
export function easter(year: number): DayNumber {
  const moon = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const skipped = century - Math.floor(century / 4) - Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * moon + skipped + 15) % 30;
  const toSunday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7;
  const late = Math.floor((moon + 11 * epact + 22 * toSunday) / 451);
  const march22 = epact + toSunday - 7 * late;
  return dayNumber(year, 3, 22) + march22;
}
