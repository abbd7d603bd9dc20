import {
  type DayNumber,
  type IsoDate,
  dayNumber,
  easter,
  formatDate,
  nthWeekday,
  weekdayOf,
  yearOf,
} from './civil-date.ts';

/** Days the US exchanges closed though no rule says so, and why. */
export const unscheduledClosures: Readonly<Record<IsoDate, string>> = {
  '2001-09-11': 'attacks of 11 September',
  '2001-09-12': 'attacks of 11 September',
  '2001-09-13': 'attacks of 11 September',
  '2001-09-14': 'attacks of 11 September',
  '2004-06-11': 'mourning for President Reagan',
  '2007-01-02': 'mourning for President Ford',
  '2012-10-29': 'hurricane Sandy',
  '2012-10-30': 'hurricane Sandy',
  '2018-12-05': 'mourning for President George H. W. Bush',
  '2025-01-09': 'mourning for President Carter',
};

/**
 * Why the US stock exchanges are closed on this weekday; `undefined` when they trade. NYSE Rule 7.2: a holiday on a Saturday is kept on
 * the Friday, on a Sunday on the Monday, but New Year never on the 31st of December, because books close that day.
 */
export function usHoliday(day: DayNumber): string | undefined {
  const year = yearOf(day);
  switch (day) {
    case newYear(year):
      return 'New Year';
    case nthWeekday(3, 'Mon', year, 1):
      return 'Martin Luther King Day';
    case nthWeekday(3, 'Mon', year, 2):
      return "Washington's Birthday";
    case easter(year) - 2:
      return 'Good Friday';
    case nthWeekday(-1, 'Mon', year, 5):
      return 'Memorial Day';
    case observed(dayNumber(year, 6, 19)):
      // Exchanges keep it since 2022; in 2021 the law came two days before the day.
      return year >= 2022 ? 'Juneteenth' : undefined;
    case observed(dayNumber(year, 7, 4)):
      return 'Independence Day';
    case nthWeekday(1, 'Mon', year, 9):
      return 'Labor Day';
    case nthWeekday(4, 'Thu', year, 11):
      return 'Thanksgiving';
    case observed(dayNumber(year, 12, 25)):
      return 'Christmas';
    default:
      return unscheduledClosures[formatDate(day)];
  }
}

/**
 * Does trading end at 13:00? The day after Thanksgiving; 3 July and 24 December when they fall on Monday to Thursday, for on a Friday
 * they are the holiday itself. These are the rules since 2010; earlier years had exceptions.
 */
export function usClosesEarly(day: DayNumber): boolean {
  const year = yearOf(day);
  if (day === nthWeekday(4, 'Thu', year, 11) + 1) return true;
  const eve = day === dayNumber(year, 7, 3) || day === dayNumber(year, 12, 24);
  return eve && !['Fri', 'Sat', 'Sun'].includes(weekdayOf(day));
}

function observed(day: DayNumber): DayNumber {
  const weekday = weekdayOf(day);
  return weekday === 'Sat' ? day - 1 : weekday === 'Sun' ? day + 1 : day;
}

function newYear(year: number): DayNumber {
  const day = dayNumber(year, 1, 1);
  return weekdayOf(day) === 'Sun' ? day + 1 : day;
}
