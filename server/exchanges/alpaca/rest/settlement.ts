import { formatDate, type IsoDate, parseDate } from '../../../../market/civil-date.ts';
import type { TradingDay } from '../../../../market/calendar.ts';
import { turn } from '../../../../market/clock.ts';
import type { Nanos } from '../../../../market/event.ts';
import { newYork, stockCalendar } from './places.ts';

/** Trading days from a trade to its settlement, since the first trades so settled (SEC rule 15c6-1 and its amendments). */
const cycles: readonly { readonly since: IsoDate; readonly days: number }[] = [
  { since: '2024-05-28', days: 1 },
  { since: '2017-09-05', days: 2 },
  { since: '0000-01-01', days: 3 },
];
/** No settlement is further away, holidays included. */
const horizon = 12;

/** The calendar that is told: 1970 to 2029 (alpaca.markets, API v2 reference, "Calendar"). Dates of the tape. */
const [firstYear, lastYear] = [1970, 2029];

/** A trading day as the wire tells it, all of it moved alike. */
export interface WireDay extends Omit<TradingDay, 'halfDay'> {
  /** The date on which its trades are settled. Bank holidays on which stocks trade are not told apart. */
  readonly settled: IsoDate;
}

export interface AskedDays {
  /** Dates of the wire, both included; without one, the calendar's own bound. What lies beyond that is passed over. */
  readonly start: IsoDate | undefined;
  readonly end: IsoDate | undefined;
  /** Whose dates are meant: those of trading, or of settlement. */
  readonly by: 'TRADING' | 'SETTLEMENT';
}

/**
 * The trading days that are asked for, a year at a time: sixty of them take a while, so others have their turn in between. Where the
 * tape's times are moved by `shift`, the market's days and hours move with them.
 */
export async function* tradingDays({ start, end, by }: AskedDays, shift: Nanos): AsyncGenerator<readonly WireDay[]> {
  const dateOf = ({ date, settled }: SettledDay | WireDay): IsoDate => (by === 'TRADING' ? date : settled);
  // A day more on either side, for moved days may begin on another date.
  const after = start === undefined ? undefined : plus(onTape(start, shift), -1);
  const before = end === undefined ? undefined : plus(onTape(end, shift), 1);
  const isIn = (date: IsoDate, from: IsoDate | undefined, to: IsoDate | undefined): boolean =>
    (from === undefined || date >= from) && (to === undefined || date <= to);
  for (let year = firstYear; year <= lastYear; year++) {
    // The last days of a year are settled in the next.
    if (!isIn(`${year + 1}-01-31`, after, undefined) || !isIn(`${year}-01-01`, undefined, before)) continue;
    yield daysOf(year)
      .filter((day) => isIn(dateOf(day), after, before))
      .map((day) => movedDay(day, shift))
      .filter((day) => isIn(dateOf(day), start, end));
    await turn();
  }
}

type SettledDay = TradingDay & Pick<WireDay, 'settled'>;

/** Years that have been asked for, of those that are told: what is dear in a day is found once. */
const years = new Map<number, readonly SettledDay[]>();

function daysOf(year: number): readonly SettledDay[] {
  const known = years.get(year);
  if (known !== undefined) return known;
  const days = [...stockCalendar.days(`${year}-01-01`, `${year}-12-31`)].map((day) => ({
    ...day,
    settled: settlementOf(day.date),
  }));
  years.set(year, days);
  return days;
}

function onTape(date: IsoDate, shift: Nanos): IsoDate {
  return newYork.date(newYork.at(date) - shift);
}

/** The date, moved by as much as a market that opens on it. */
function movedDate(date: IsoDate, shift: Nanos): IsoDate {
  return shift === 0n ? date : newYork.date((stockCalendar.on(date)?.open ?? newYork.at(date)) + shift);
}

function movedDay({ date, preOpen, open, close, postClose, settled }: SettledDay, shift: Nanos): WireDay {
  return {
    date: movedDate(date, shift),
    preOpen: preOpen + shift,
    open: open + shift,
    close: close + shift,
    postClose: postClose + shift,
    settled: movedDate(settled, shift),
  };
}

function settlementOf(date: IsoDate): IsoDate {
  const days = cycles.find(({ since }) => date >= since)?.days ?? 1;
  const after = stockCalendar.days(plus(date, 1), plus(date, horizon));
  for (let passed = 1; ; passed++) {
    const next = after.next();
    if (next.done === true) throw new RangeError(`no trading day follows ${date} within ${horizon} days`);
    if (passed === days) return next.value.date;
  }
}

function plus(date: IsoDate, days: number): IsoDate {
  return formatDate(parseDate(date) + days);
}
