import { formatDate, type IsoDate, parseDate } from '../../../../market/civil-date.ts';
import type { TradingDay } from '../../../../market/calendar.ts';
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

/** A trading day as the wire tells it, all of it moved alike. */
export interface WireDay extends Omit<TradingDay, 'halfDay'> {
  /** The date on which its trades are settled. Bank holidays on which stocks trade are not told apart. */
  readonly settled: IsoDate;
}

/**
 * Trading days from one date of the wire to another, both included: of trading, or of settlement. Where the tape's times are moved,
 * the market's days and hours move with them.
 */
export function tradingDays(
  start: IsoDate,
  end: IsoDate,
  by: 'TRADING' | 'SETTLEMENT',
  shift: Nanos,
): readonly WireDay[] {
  const onTape = (date: IsoDate): IsoDate => newYork.date(newYork.at(date) - shift);
  const [first, last] = [plus(onTape(start), by === 'TRADING' ? -1 : -horizon), plus(onTape(end), 1)];
  return [...stockCalendar.days(first, last)]
    .map((day) => moved(day, shift))
    .filter(({ date, settled }) => {
      const told = by === 'TRADING' ? date : settled;
      return told >= start && told <= end;
    });
}

/** The date, moved by as much as a market that opens on it. */
export function movedDate(date: IsoDate, shift: Nanos): IsoDate {
  return newYork.date((stockCalendar.on(date)?.open ?? newYork.at(date)) + shift);
}

function moved({ date, preOpen, open, close, postClose }: TradingDay, shift: Nanos): WireDay {
  return {
    date: movedDate(date, shift),
    preOpen: preOpen + shift,
    open: open + shift,
    close: close + shift,
    postClose: postClose + shift,
    settled: movedDate(settlementOf(date), shift),
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
