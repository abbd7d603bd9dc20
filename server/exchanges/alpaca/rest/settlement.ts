import { formatDate, type IsoDate, parseDate } from '../../../../market/civil-date.ts';
import type { TradingDay } from '../../../../market/calendar.ts';
import { stockCalendar } from './places.ts';

/** Trading days from a trade to its settlement, since the first trades so settled (SEC rule 15c6-1 and its amendments). */
const cycles: readonly { readonly since: IsoDate; readonly days: number }[] = [
  { since: '2024-05-28', days: 1 },
  { since: '2017-09-05', days: 2 },
  { since: '0000-01-01', days: 3 },
];
/** No settlement is further away, holidays included. */
const horizon = 12;

/** The date on which trades of a trading day are settled. Bank holidays on which stocks trade are not told apart. */
export function settlementOf(date: IsoDate): IsoDate {
  const days = cycles.find(({ since }) => date >= since)?.days ?? 1;
  const after = stockCalendar.days(plus(date, 1), plus(date, horizon));
  for (let passed = 1; ; passed++) {
    const next = after.next();
    if (next.done === true) throw new RangeError(`no trading day follows ${date} within ${horizon} days`);
    if (passed === days) return next.value.date;
  }
}

/** Trading days from one date to another, both included: of trading, or of settlement. */
export function tradingDays(start: IsoDate, end: IsoDate, by: 'TRADING' | 'SETTLEMENT'): readonly TradingDay[] {
  if (by === 'TRADING') return [...stockCalendar.days(start, end)];
  return [...stockCalendar.days(plus(start, -horizon), end)].filter(({ date }) => {
    const settled = settlementOf(date);
    return settled >= start && settled <= end;
  });
}

function plus(date: IsoDate, days: number): IsoDate {
  return formatDate(parseDate(date) + days);
}
