import type { Nanos } from '../../../../market/event.ts';
import { day, floorTo, hour } from '../../../../market/nanos.ts';
import { zones } from './markets.ts';

const chicago = zones.futures;
/** A session begins at 17:00 in Chicago of the evening before the date it ends on. */
const evening: Nanos = 7n * hour;

/** First instant of the session that holds this one. */
export function sessionStart(at: Nanos): Nanos {
  return chicago.instant(floorTo(chicago.wall(at) + evening, day) - evening);
}

/** The date on which the session ends that holds this instant. */
export function sessionEnd(at: Nanos): string {
  return chicago.date(sessionStart(at) + 12n * hour);
}

/** The session that ends on a date: its first and last instant. */
export function sessionOf(date: string): { readonly from: Nanos; readonly to: Nanos } {
  const noon = chicago.at(date, '12:00');
  return { from: sessionStart(noon), to: sessionStart(noon + day) - 1n };
}
