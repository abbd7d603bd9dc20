import { Calendar, type Hours } from './calendar.ts';
import { type DayNumber, weekdayOf } from './civil-date.ts';
import { type ColombianChoices, colombianHoliday } from './colombian-holidays.ts';
import { TimeZone } from './time-zone.ts';
import { usClosesEarly, usHoliday } from './us-holidays.ts';

const clock = (hour: number, minute = 0): number => hour * 60 + minute;
const whole = (open: number, close: number): Hours => ({
  preOpen: open,
  open,
  close,
  postClose: close,
  halfDay: false,
});

const usDay: Hours = {
  preOpen: clock(4),
  open: clock(9, 30),
  close: clock(16),
  postClose: clock(20),
  halfDay: false,
};
// Late trading ends three hours earlier too, at 17:00 (NYSE Arca and Nasdaq, "holidays and trading hours").
const usHalfDay: Hours = { ...usDay, close: clock(13), postClose: clock(17), halfDay: true };
const roundTheClock = whole(clock(0), clock(24));
const currencyDay = whole(clock(17 - 24), clock(17));
const futuresDay = whole(clock(17 - 24), clock(16));
const futuresHalfDay: Hours = { ...whole(clock(17 - 24), clock(12)), halfDay: true };
const bogotaDay = whole(clock(8), clock(12, 55));

const isWeekend = (day: DayNumber): boolean => ['Sat', 'Sun'].includes(weekdayOf(day));

function usHours(day: DayNumber): Hours | undefined {
  if (isWeekend(day) || usHoliday(day) !== undefined) return undefined;
  return usClosesEarly(day) ? usHalfDay : usDay;
}

/** New York Stock Exchange. Exact from 2010 on; before that, some early closes are missing. */
export const newYorkStockExchange = (): Calendar => new Calendar('XNYS', new TimeZone('America/New_York'), usHours);

/** Nasdaq, which keeps the same days and hours. */
export const nasdaq = (): Calendar => new Calendar('XNAS', new TimeZone('America/New_York'), usHours);

/** Crypto trades always; its days are those of UTC. */
export const cryptoDays = (): Calendar => new Calendar('24/7', new TimeZone('UTC'), () => roundTheClock);

/**
 * The currency week, Sunday 17:00 to Friday 17:00 in New York. Each day runs to 17:00 of its date, so Sunday evening belongs to Monday.
 * It has no holidays: banks rest at Christmas and New Year, but quotes go on.
 */
export const currencyWeek = (): Calendar =>
  new Calendar('FX', new TimeZone('America/New_York'), (day) => (isWeekend(day) ? undefined : currencyDay));

/** The only holidays on which Globex rests all day. */
const globexRests = ['New Year', 'Good Friday', 'Christmas'];

/**
 * CME Globex as the futures on US equity indices trade it: Sunday 17:00 to Friday 16:00 in Chicago, with an hour's rest each day. A day runs
 * from 17:00 of the evening before. On the other holidays of the US exchanges, and where those close early, it ends at noon (CME Group,
 * "Holiday and trading hours", which sets the very minute anew each year).
 */
export const globexWeek = (): Calendar =>
  new Calendar('GLBX', new TimeZone('America/Chicago'), (day) => {
    const holiday = usHoliday(day);
    if (isWeekend(day) || (holiday !== undefined && globexRests.includes(holiday))) return undefined;
    return holiday !== undefined || usClosesEarly(day) ? futuresHalfDay : futuresDay;
  });

/** Bogotá's dollar-peso session, 08:00 to 12:55, on Colombia's working days. */
export const bogotaSession = (choices: ColombianChoices = {}): Calendar =>
  new Calendar('XBOG', new TimeZone('America/Bogota'), (day) =>
    isWeekend(day) || colombianHoliday(day, choices) !== undefined ? undefined : bogotaDay,
  );
