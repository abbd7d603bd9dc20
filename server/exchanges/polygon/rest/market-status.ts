import { formatDate, parseDate } from '../../../../market/civil-date.ts';
import type { Nanos } from '../../../../market/event.ts';
import { wallText } from '../../../../market/instant.ts';
import { isoMillis } from '../../../../market/nanos.ts';
import { usClosesEarly, usHoliday } from '../../../../market/us-holidays.ts';
import type { History } from '../../exchange.ts';
import { type Json, plain, type Told } from './answers.ts';
import { calendars, newYork, stockCalendar } from './markets.ts';

/** Whether markets are open, and when the stock exchanges will close (sheet §6), both as of the instant that history has reached. */
export function marketStatusRoutes(): readonly Told[] {
  return [
    { path: '/v1/marketstatus/now', tell: (_, { history }) => plain(statusOf(history)) },
    { path: '/v1/marketstatus/upcoming', tell: (_, { history }) => plain(closuresAfter(history)) },
  ];
}

/** Groups of indices, all of which are published while stocks trade (official specification: the names). */
const indexGroups = [
  's_and_p',
  'societe_generale',
  'cgi',
  'msci',
  'ftse_russell',
  'mstar',
  'mstarc',
  'cccy',
  'nasdaq',
  'dow_jones',
];

/** Without an envelope. Moved times are those of another day: what plays then is still the market as it was on the tape. */
function statusOf({ now, shift }: History): Json {
  const onTape = now - shift;
  const day = stockCalendar.dayOf(onTape);
  const isOpen = stockCalendar.isOpen(onTape);
  const stocks = isOpen ? 'open' : day === undefined ? 'closed' : 'extended-hours';
  const open = (market: 'crypto' | 'forex'): string => (calendars[market].isOpen(onTape) ? 'open' : 'closed');
  return {
    afterHours: day !== undefined && onTape >= day.close,
    currencies: { crypto: open('crypto'), fx: open('forex') },
    earlyHours: day !== undefined && onTape < day.open,
    exchanges: { nasdaq: stocks, nyse: stocks, otc: stocks },
    indicesGroups: Object.fromEntries(indexGroups.map((group) => [group, isOpen ? 'open' : 'closed'])),
    market: stocks,
    serverTime: wallText(now - (now % 1_000_000_000n), newYork),
  };
}

/** How far ahead real answers look: about a year. */
const horizonDays = 365;
const exchanges = ['NYSE', 'NASDAQ'];

/** A bare list: holidays and early closes, each once per exchange. */
function closuresAfter({ now, shift }: History): Json[] {
  const today = parseDate(newYork.date(now - shift));
  const closures: Json[] = [];
  for (let day = today; day <= today + horizonDays; day++) {
    const date = formatDate(day);
    const hours = stockCalendar.on(date);
    const holiday = usHoliday(day);
    const told = (at: Nanos): string => newYork.date(at + shift);
    const closure: Readonly<Record<string, Json>> | undefined =
      hours !== undefined && usClosesEarly(day)
        ? {
            date: told(hours.open),
            name: eveOf(day),
            status: 'early-close',
            open: isoMillis(hours.open + shift),
            close: isoMillis(hours.close + shift),
          }
        : holiday !== undefined && isWeekday(day)
          ? { date: told(newYork.at(date, '12:00')), name: holiday, status: 'closed' }
          : undefined;
    if (closure === undefined) continue;
    for (const exchange of exchanges) closures.push({ ...closure, exchange });
  }
  return closures;
}

/** 1970-01-01 was a Thursday. */
const isWeekday = (day: number): boolean => (day + 3) % 7 < 5;

/** An early close is called by the holiday it stands beside (official samples: Thanksgiving on both days). */
function eveOf(day: number): string {
  return usHoliday(day - 1) ?? usHoliday(day + 1) ?? usHoliday(day + 2) ?? 'Early close';
}
