import { Buckets } from '../../market/bucket.ts';
import { newYorkStockExchange } from '../../market/calendars.ts';
import type { Market, Nanos } from '../../market/event.ts';
import { hour, minute } from '../../market/nanos.ts';
import { TimeZone } from '../../market/time-zone.ts';
import type { Tally } from './tally.ts';

/** The day so far of one symbol. */
export interface DayRow {
  readonly symbol: string;
  readonly day: MarketDay;
  readonly tally: Tally;
}

/** One day of one market, with the symbols that traded on it. */
export interface MarketDay {
  readonly market: Market;
  readonly start: Nanos;
  readonly end: Nanos;
  /** First minute mark after which its daily bars are sent. */
  readonly firstMark: Nanos;
  /** Last minute mark after which they are: the latest at which they were seen. */
  readonly lastMark: Nanos;
  readonly rows: DayRow[];
}

/**
 * Knows when the day of each market starts. Stocks, options and indices: midnight in New York, daily bars from 09:31 to 20:10, the latest
 * they were seen (sheet §5.1, measured LIVE §6.7). Crypto and its perpetuals: midnight UTC. Forex: 17:00 New York; futures: 17:00 Chicago,
 * which is 18:00 New York. All but the first three send daily bars from their first minute on.
 */
export class DayBook {
  readonly #newYork = new TimeZone('America/New_York');
  readonly #calendar = newYorkStockExchange();
  readonly #stockDays = new Buckets('1d', this.#newYork);
  readonly #days: Readonly<Record<Market, Buckets>> = {
    stocks: this.#stockDays,
    options: this.#stockDays,
    indices: this.#stockDays,
    crypto: new Buckets('1d', new TimeZone('UTC')),
    perps: new Buckets('1d', new TimeZone('UTC')),
    forex: new Buckets('1d', this.#newYork, -7n * hour),
    futures: new Buckets('1d', this.#newYork, -6n * hour),
  };
  readonly #latest = new Map<Market, MarketDay>();

  /** The day that holds this instant, opened when it is new; `undefined` when it lies before the latest day of its market. */
  dayOf(market: Market, at: Nanos): { readonly day: MarketDay; readonly isNew: boolean } | undefined {
    const known = this.#latest.get(market);
    if (known !== undefined && at < known.start) return undefined;
    if (known !== undefined && at < known.end) return { day: known, isNew: false };
    const start = this.#days[market].start(at);
    const day = {
      market,
      start,
      end: this.#days[market].end(start),
      firstMark: this.#mark(market, start, 9n * hour + 31n * minute) ?? start,
      lastMark: this.#mark(market, start, 20n * hour + 10n * minute) ?? this.#days[market].end(start),
      rows: [],
    };
    this.#latest.set(market, day);
    return { day, isNew: true };
  }

  /** First instant of the day that holds this one. */
  startOf(market: Market, at: Nanos): Nanos {
    return this.#days[market].start(at);
  }

  /** End of the day whose bar starts at this instant. */
  endOf(market: Market, start: Nanos): Nanos {
    return this.#days[market].end(start);
  }

  /** May a minute bar of that start set the prices of its day? Not outside regular hours of the stock market. */
  prices(market: Market, start: Nanos): boolean {
    return market !== 'stocks' || this.#calendar.isOpen(start);
  }

  /** A time of day in New York, on days that follow the stock market. */
  #mark(market: Market, start: Nanos, time: Nanos): Nanos | undefined {
    if (this.#days[market] !== this.#stockDays) return undefined;
    return this.#newYork.instant(this.#newYork.wall(start) + time);
  }
}
