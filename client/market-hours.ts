import type { Calendar } from '../market/calendar.ts';
import { cryptoDays, currencyWeek, globexWeek, newYorkStockExchange } from '../market/calendars.ts';
import type { Market } from '../market/event.ts';

/** When a market trades. `undefined`: not known, as if it never rested. */
export type MarketHours = (market: Market) => Calendar | undefined;

/** The usual calendars: that of New York for US stocks, options and indices, those of Globex, of currencies and of crypto for the rest. */
export function usualHours(): MarketHours {
  const newYork = newYorkStockExchange();
  const crypto = cryptoDays();
  const calendars: Readonly<Record<Market, Calendar>> = {
    stocks: newYork,
    options: newYork,
    indices: newYork,
    crypto,
    perps: crypto,
    forex: currencyWeek(),
    futures: globexWeek(),
  };
  return (market) => calendars[market];
}
