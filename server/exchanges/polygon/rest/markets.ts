import { cryptoDays, currencyWeek, globexWeek, newYorkStockExchange } from '../../../../market/calendars.ts';
import type { Calendar } from '../../../../market/calendar.ts';
import type { Market, Nanos } from '../../../../market/event.ts';
import type { TimeZone } from '../../../../market/time-zone.ts';

/** New York's stock market, whose days those of options and indices are too. */
export const stockCalendar = newYorkStockExchange();
export const newYork = stockCalendar.zone;
const crypto = cryptoDays();
const currencies = currencyWeek();
const globex = globexWeek();
/** Currencies and coins count their days in UTC (inferred from the starts of day bars in the official samples: 00:00 UTC). */
const utc = crypto.zone;

export const zones: Readonly<Record<Market, TimeZone>> = {
  stocks: newYork,
  options: newYork,
  indices: newYork,
  futures: globex.zone,
  crypto: utc,
  perps: utc,
  forex: utc,
};

/** When a market trades. */
export const calendars: Readonly<Record<Market, Calendar>> = {
  stocks: stockCalendar,
  options: stockCalendar,
  indices: stockCalendar,
  futures: globex,
  crypto,
  perps: crypto,
  forex: currencies,
};

/** First instant of the day that holds this one, as its market counts days. */
export function midnightOf(market: Market, at: Nanos): Nanos {
  const zone = zones[market];
  return zone.at(zone.date(at));
}

/** The markets whose tickers share one list; futures have paths and a list of their own. */
export const places = ['stocks', 'options', 'indices', 'forex', 'crypto'] as const satisfies readonly Market[];
export type Place = (typeof places)[number];
