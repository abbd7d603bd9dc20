import { newYorkStockExchange } from '../../../../market/calendars.ts';
import type { Market, Nanos } from '../../../../market/event.ts';
import { TimeZone } from '../../../../market/time-zone.ts';

export type Place = Extract<Market, 'stocks' | 'crypto' | 'options'>;

/** New York, and the days its stocks trade on. */
export const stockCalendar = newYorkStockExchange();
export const newYork = stockCalendar.zone;
/**
 * Whose midnight begins the day of a market: New York's, and UTC for crypto, as on the stream (inferred; the sheet is silent).
 */
export const zones: Readonly<Record<Place, TimeZone>> = {
  stocks: newYork,
  options: newYork,
  crypto: new TimeZone('UTC'),
};
/** Names on their own, so a slash is refused (measured CRY400 for the streams); existence is never checked. */
const stockShape = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;
export const occShape = /^[A-Z0-9.]{1,6}\d{6}[CP]\d{8}$/;
export const shapes: Readonly<Record<Place, RegExp>> = {
  stocks: stockShape,
  options: occShape,
  crypto: /^[A-Z0-9]{1,16}\/[A-Z0-9]{1,16}$/,
};

/** A stock, or a pair with or without its slash: `BTCUSD`. */
export const newsShape = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,31}$/;

/** First instant of the day that holds this one. */
export function midnightOf(place: Place): (at: Nanos) => Nanos {
  const zone = zones[place];
  return (at) => zone.at(zone.date(at));
}
