import type { Channel, MarketEvent, Trade } from '../../../market/event.ts';
import { countsOf, type Counts } from './activity.ts';
import { Chance } from '../../../market/chance.ts';
import { makeBook } from './books.ts';
import { Course, type Prices } from './course.ts';
import type { Instrument } from './instrument.ts';
import { makeNews } from './news.ts';
import { amendmentDelay, makeAmendments, makeNotices } from './notices.ts';
import { OptionCourse } from './option-course.ts';
import type { Path } from './path.ts';
import { Quotes } from './quotes.ts';
import { Trades } from './trades.ts';
import type { Hours } from './trading-hours.ts';
import { makeValues } from './values.ts';

type Add = (offset: number, event: MarketEvent) => void;

/** Makes everything one symbol has to say in a second. What it makes depends on seed, symbol and second alone. */
export class Ticker {
  readonly instrument: Instrument;
  readonly #course: Prices;
  readonly #beginning: number;
  readonly #trades: Trades;
  readonly #quotes: Quotes;
  readonly #wanted: (channel: Channel) => boolean;
  readonly #chance = new Chance();
  readonly #counts: Counts = { trades: 0, quotes: 0 };

  constructor(instrument: Instrument, market: Path, beginning: number, wanted: (channel: Channel) => boolean) {
    this.instrument = instrument;
    this.#wanted = wanted;
    this.#beginning = beginning;
    const { contract } = instrument;
    this.#course =
      contract === undefined
        ? new Course(instrument, market, beginning)
        : new OptionCourse(instrument, contract, new Course(contract.underlying, market, beginning));
    this.#trades = new Trades(instrument, this.#course);
    this.#quotes = new Quotes(instrument, this.#course);
  }

  /** Trades and quotes of a second, without making them. Valid until the next call. */
  counts(second: number, hours: Hours): Readonly<Counts> {
    countsOf(this.instrument, hours, second, this.#chance, this.#counts);
    return this.#counts;
  }

  /** Trades and quotes, and with them all the rest. */
  make(second: number, hours: Hours, add: Add): void {
    const { trades, quotes } = this.counts(second, hours);
    this.#course.seek(second, hours);
    if (this.#wanted('quote')) this.#quotes.make(second, hours, quotes, add);
    if (this.#wanted('trade')) this.#trades.make(second, hours, trades, add);
    this.makeRest(second, hours, add);
  }

  /** Does it say anything besides trades and quotes? */
  get saysMore(): boolean {
    const { market, books, newsRate, valueRate } = this.instrument;
    return market === 'stocks' || books > 0 || newsRate > 0 || valueRate > 0;
  }

  /** Statuses, bands, imbalances, corrections and cancels; order books and news; values. */
  makeRest(second: number, hours: Hours, add: Add): void {
    const { books, newsRate, valueRate } = this.instrument;
    if (second >= hours.from && second < hours.to) {
      if (newsRate > 0 && this.#wanted('news')) makeNews(this.instrument, this.#course, second, hours, add);
      const moment = { second, hours, beginning: this.#beginning };
      if (books > 0 && this.#wanted('book')) makeBook(this.instrument, this.#course, moment, add);
    }
    this.#course.seek(second, hours);
    if (valueRate > 0 && second >= hours.from && second < hours.to && this.#wanted('value')) {
      makeValues(this.instrument, this.#course, second, add);
    }
    makeNotices(this.instrument, this.#course, second, hours, add);
    const { corrections } = this.instrument;
    if (corrections === 0 || !(this.#wanted('correction') || this.#wanted('cancel'))) return;
    const traded = second - amendmentDelay(this.instrument);
    if (traded < Math.min(hours.from, hours.open)) return;
    const earlier: Trade[] = [];
    const { trades } = this.counts(traded, hours);
    this.#course.seek(traded, hours);
    this.#trades.make(traded, hours, trades, (_, trade) => earlier.push(trade));
    makeAmendments(this.instrument, second, earlier, add);
  }
}
