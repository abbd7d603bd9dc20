import type { Calendar, TradingDay } from '../../market/calendar.ts';
import { cryptoDays, currencyWeek, newYorkStockExchange } from '../../market/calendars.ts';
import type { IsoDate } from '../../market/civil-date.ts';
import type { Bar, Market, MarketEvent, Nanos, Trade } from '../../market/event.ts';
import type { Page } from '../sources/source.ts';

/** A stretch of regular trading hours in which a symbol had neither a trade nor a bar. */
export interface Silence {
  readonly from: Nanos;
  readonly to: Nanos;
}

/** How complete a symbol's tape is, and what it traded at. */
export interface Availability {
  /** Against the market's calendar, from the symbol's first day to its last; `undefined` for markets without one (futures). */
  readonly days: { readonly present: number; readonly missing: readonly IsoDate[] } | undefined;
  /** Longer ones than was asked; the tape's own beginning and end are no silence. */
  readonly silences: {
    readonly count: number;
    readonly longest: Silence | undefined;
    /** The first `mostShown` of them. */
    readonly shown: readonly Silence[];
  };
  /** Of the trades, or of the bars where there are no trades. `undefined` without either. */
  readonly prices:
    | {
        readonly first: number;
        readonly last: number;
        readonly low: number;
        readonly high: number;
        readonly volume: number;
      }
    | undefined;
}

/** Silences of one symbol that are told one by one; more are counted. */
export const mostShown = 1000;

/**
 * Measures how complete a tape is, by one pass over its pages in time order. `silence` is the longest stretch of regular hours
 * without a trade or a bar that needs no mention. Keyed by symbol. Memory grows with symbols and gaps, not with events.
 */
export async function measureAvailability(
  pages: AsyncIterable<Page>,
  silence: Nanos,
): Promise<ReadonlyMap<string, Availability>> {
  const calendars = calendarsByMarket();
  const records = new Map<string, SymbolRecord>();
  let [first, last]: [Nanos | undefined, Nanos] = [undefined, 0n];
  for await (const page of pages) {
    for (const event of page) {
      first ??= event.at;
      last = event.at;
      let record = records.get(event.symbol);
      if (record === undefined) {
        record = new SymbolRecord(calendars[event.market], silence, first);
        records.set(event.symbol, record);
      }
      record.hear(event);
    }
  }
  return new Map([...records].map(([symbol, record]) => [symbol, record.finish(last)]));
}

function calendarsByMarket(): Readonly<Record<Market, Calendar | undefined>> {
  const [exchange, always] = [newYorkStockExchange(), cryptoDays()];
  return {
    stocks: exchange,
    options: exchange,
    indices: exchange,
    crypto: always,
    perps: always,
    forex: currencyWeek(),
    futures: undefined,
  };
}

/** One symbol's way through the tape. */
class SymbolRecord {
  readonly #calendar: Calendar | undefined;
  readonly #silence: Nanos;
  /** Where the tape begins, whichever symbol it begins with. */
  readonly #begin: Nanos;
  #day: TradingDay | undefined;
  #date: IsoDate | undefined;
  #present = 0;
  readonly #missing: IsoDate[] = [];
  /** Up to where this day has been covered. */
  #covered: Nanos = 0n;
  #count = 0;
  #longest: Silence | undefined;
  readonly #shown: Silence[] = [];
  readonly #ofTrades = new Prices();
  readonly #ofBars = new Prices();

  constructor(calendar: Calendar | undefined, silence: Nanos, begin: Nanos) {
    this.#calendar = calendar;
    this.#silence = silence;
    this.#begin = begin;
  }

  hear(event: MarketEvent): void {
    if (event.kind === 'trade') this.#ofTrades.trade(event);
    else if (event.kind === 'bar' || event.kind === 'daily-bar') this.#ofBars.bar(event);
    else if (event.kind !== 'second-bar') return;
    const start = 'start' in event ? event.start : event.at;
    this.#enter(start);
    if (event.kind === 'daily-bar') return this.#cover(this.#day?.close ?? event.at);
    this.#note(this.#covered, start);
    this.#cover(event.at);
  }

  /** Goes to the day that holds this instant, noting trading days that were left out. */
  #enter(at: Nanos): void {
    const day = this.#day;
    if (this.#calendar === undefined || (day !== undefined && at >= day.preOpen && at < day.postClose)) return;
    const date = this.#calendar.dayOf(at)?.date ?? this.#calendar.zone.date(at);
    if (date === this.#date) return;
    if (day !== undefined) this.#note(this.#covered, day.close);
    if (this.#date !== undefined) this.#pass(this.#calendar, this.#date, date);
    this.#date = date;
    this.#day = this.#calendar.on(date);
    if (this.#day === undefined) return;
    this.#present++;
    this.#covered = this.#day.open > this.#begin ? this.#day.open : this.#begin;
  }

  #pass(calendar: Calendar, from: IsoDate, to: IsoDate): void {
    for (const day of calendar.days(from, to)) {
      if (day.date !== from && day.date !== to) this.#missing.push(day.date);
    }
  }

  #cover(to: Nanos): void {
    if (to > this.#covered) this.#covered = to;
  }

  /** A stretch without events; counts as far as it lies in regular hours. */
  #note(from: Nanos, to: Nanos): void {
    const day = this.#day;
    if (day === undefined) return;
    const silence = { from: from > day.open ? from : day.open, to: to < day.close ? to : day.close };
    const length = silence.to - silence.from;
    if (length <= this.#silence) return;
    this.#count++;
    if (this.#longest === undefined || length > this.#longest.to - this.#longest.from) this.#longest = silence;
    if (this.#shown.length < mostShown) this.#shown.push(silence);
  }

  /** `end` is where the tape ends, whichever symbol it ends with. */
  finish(end: Nanos): Availability {
    this.#note(this.#covered, end);
    return {
      days: this.#calendar && { present: this.#present, missing: this.#missing },
      silences: { count: this.#count, longest: this.#longest, shown: this.#shown },
      prices: this.#ofTrades.told() ?? this.#ofBars.told(),
    };
  }
}

class Prices {
  #first: number | undefined;
  #last = 0;
  #low = Infinity;
  #high = -Infinity;
  #volume = 0;

  trade({ price, size }: Trade): void {
    this.#hear(price, price, price, price, size);
  }
  bar({ open, high, low, close, volume }: Bar): void {
    this.#hear(open, high, low, close, volume);
  }

  #hear(open: number, high: number, low: number, close: number, volume: number): void {
    this.#first ??= open;
    this.#last = close;
    if (low < this.#low) this.#low = low;
    if (high > this.#high) this.#high = high;
    this.#volume += volume;
  }

  told(): Availability['prices'] {
    if (this.#first === undefined) return undefined;
    return { first: this.#first, last: this.#last, low: this.#low, high: this.#high, volume: this.#volume };
  }
}
