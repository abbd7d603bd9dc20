import type { Calendar } from '../../market/calendar.ts';
import type { Nanos } from '../../market/event.ts';
import { day, floorTo } from '../../market/nanos.ts';
import type { MarketMoment } from '../scenario/market-moment.ts';

/** A holiday weekend, and a day on either side of the market's own. */
const daysToLook = 12n;

/** When a moment of the market comes next, at or after an instant; `undefined` when it is over. */
export function nextMoment(moment: MarketMoment, from: Nanos, calendar: Calendar): Nanos | undefined {
  if (moment.kind === 'instant') return moment.at >= from ? moment.at : undefined;
  const { zone } = calendar;
  if (moment.kind === 'time') {
    const midnight = floorTo(zone.wall(from), day);
    const today = zone.instant(midnight + moment.time);
    return today >= from ? today : zone.instant(midnight + day + moment.time);
  }
  const { bell, offset } = moment;
  // The bell that matters may ring before this instant, or after it.
  const [first, last] = [zone.date(from - offset - day), zone.date(from - offset + daysToLook * day)];
  for (const tradingDay of calendar.days(first, last)) {
    if (tradingDay[bell] + offset >= from) return tradingDay[bell] + offset;
  }
  return undefined;
}
