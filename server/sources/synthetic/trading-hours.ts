import type { Calendar } from '../../../market/calendar.ts';
import {
  bogotaSession,
  cryptoDays,
  currencyWeek,
  globexWeek,
  newYorkStockExchange,
} from '../../../market/calendars.ts';
import type { Nanos } from '../../../market/event.ts';
import type { Options } from './options.ts';
import { marketOf, type TradedMarket } from './listing.ts';

/** A day that is a plain Wednesday for every market here. */
const defaultDay = '2026-07-01';
const secondNanos = 1_000_000_000n;
/** The closing prints follow the close; the tape runs a minute longer so that they and their bar are on it. */
const afterClose = 60;

/** A market's day on a tape, in whole seconds since 1970; `from` and `to` include extended hours. */
export interface Hours {
  readonly from: number;
  readonly open: number;
  readonly close: number;
  readonly to: number;
}

/** First second of a tape and the first after it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const toSecond = (at: Nanos): number => Number(at / secondNanos);
export const toNanos = (second: number): Nanos => BigInt(second) * secondNanos;

/** The date of the session a future trades in, which is the date it ends on: `2026-07-01`. */
export function sessionOf({ close }: Hours): string {
  return new Date(close * 1000).toISOString().slice(0, 10);
}

/** What the options' day, or from and to, mean in seconds. A `day` on which nothing trades gives an empty span. */
export function spanOf({ day, from, to, symbols, extendedHours }: Options): Span {
  if (from !== undefined && to !== undefined) {
    return { from: Math.floor(Date.parse(from) / 1000), to: Math.ceil(Date.parse(to) / 1000) };
  }
  const date = day ?? defaultDay;
  const hasStocks = symbols.some((entry) => ['stocks', 'options', 'indices'].includes(marketOf(entry)));
  const calendar = hasStocks ? newYorkStockExchange() : cryptoDays();
  const trading = calendar.on(date);
  if (trading === undefined) return { from: 0, to: 0 };
  const first = toSecond(extendedHours ? trading.preOpen : trading.open);
  const last = toSecond(extendedHours ? trading.postClose : trading.close);
  return { from: first, to: last + (hasStocks ? afterClose : 0) };
}

/** Answers which days of its calendar a symbol trades within a span. Symbols that keep the same hours share the answer. */
export function hoursFinder(
  span: Span,
  extendedHours: boolean,
): (market: TradedMarket, symbol: string) => readonly Hours[] {
  const known = new Map<string, readonly Hours[]>();
  return (market, symbol) => {
    const kept = market === 'forex' && symbol.endsWith('COP') ? 'bogota' : market;
    const hours =
      known.get(kept) ??
      hoursWithin(calendars[kept](), span, extendedHours && kept !== 'options' && kept !== 'indices');
    known.set(kept, hours);
    return hours;
  };
}

/** Pesos trade in Bogotá's hours, other currencies all week, futures all week with an hour's rest a day. */
const calendars = {
  stocks: newYorkStockExchange,
  options: newYorkStockExchange,
  indices: newYorkStockExchange,
  futures: globexWeek,
  crypto: cryptoDays,
  forex: currencyWeek,
  bogota: bogotaSession,
};

function hoursWithin(calendar: Calendar, span: Span, extendedHours: boolean): readonly Hours[] {
  if (span.from >= span.to) return [];
  const { zone } = calendar;
  const first = zone.date(toNanos(span.from - 86_400));
  const last = zone.date(toNanos(span.to + 86_400));
  const hours: Hours[] = [];
  for (const day of calendar.days(first, last)) {
    const open = toSecond(day.open);
    const close = toSecond(day.close);
    const from = extendedHours ? toSecond(day.preOpen) : open;
    const to = extendedHours ? toSecond(day.postClose) : close;
    if (to + afterClose > span.from && from < span.to) hours.push({ from, open, close, to });
  }
  return hours;
}
