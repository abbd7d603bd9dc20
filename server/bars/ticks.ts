import {
  isBar,
  type Channel,
  type Market,
  type MarketEvent,
  type Nanos,
  type Quote,
  type Trade,
} from '../../market/event.ts';
import { floorTo, second as secondNanos } from '../../market/nanos.ts';
import type { Page } from '../sources/source.ts';
import { effectOf, unmeasured, unruled } from '../../market/sale-conditions.ts';
import { madeOfQuotes, middleOf } from './middle.ts';

/** One symbol of one market. Numbers count up from 0, so that whoever keeps something of each needs no more than an array. */
export interface Ticker {
  readonly number: number;
  readonly market: Market;
  readonly symbol: string;
  /** Kinds of events that the tapes hold of it. */
  readonly recorded: ReadonlySet<Channel>;
  /** True when its bars and prices are made of quotes. */
  readonly ofQuotes: boolean;
}

/** In the place of an effect: this is no tick, but a quote that is known beside the trades of a coin or of a currency. */
export const quoteBeside = 0x100;
/** Likewise: this is a bar of the tape. */
export const wholeBar = 0x200;

/** Earlier than anything. */
const before: Nanos = -(1n << 63n);

/**
 * What a page holds that bars and prices are made of, read once for all who make them: a row for each trade that counts, for each quote
 * where quotes make the bars, for each value of an index; and for what else they have to know of, in the order of the page. Rows are
 * columns, and good until the next page is read. Times are whole seconds, since all that is asked of them begins and ends with one.
 */
export class Ticks {
  page: Page = [];
  /** How many rows there are. */
  length = 0;
  /** Position on the page. */
  places = new Uint32Array(0);
  /** Number of its ticker. */
  tickers = new Uint32Array(0);
  /** The second, since 1970, in which it came. */
  seconds = new Float64Array(0);
  /** The second in which it happened: by its participant's time where that is known and earlier, else the same. */
  origins = new Float64Array(0);
  prices = new Float64Array(0);
  sizes = new Float64Array(0);
  /** What it may do to bars, see `effectOf`; or one of the marks above. */
  effects = new Uint16Array(0);

  readonly #recorded: (market: Market, symbol: string) => ReadonlySet<Channel>;
  readonly #known: Ticker[] = [];
  readonly #markets = new Map<Market, Map<string, Ticker>>();
  /** The market asked for last, because tapes hold mostly one. */
  #market: Market | undefined;
  #ofMarket = new Map<string, Ticker>();
  /** The second reached, and where it begins and ends. */
  #second = -1;
  #from: Nanos = 0n;
  #until: Nanos = before;

  /** `recorded`: kinds of events that the tapes hold of a symbol. */
  constructor(recorded: (market: Market, symbol: string) => ReadonlySet<Channel>) {
    this.#recorded = recorded;
  }

  /** The ticker of a number that a row has. */
  ticker(number: number): Ticker {
    const ticker = this.#known[number];
    if (ticker === undefined)
      throw new RangeError(`there are ${this.#known.length} tickers, none has number ${number}`);
    return ticker;
  }

  /** When the event of a row came, to the nanosecond. */
  at(row: number): Nanos {
    return this.event(row)?.at ?? 0n;
  }

  /** The event that a row was made of. */
  event(row: number): MarketEvent | undefined {
    return this.page[this.places[row] ?? 0];
  }

  /** When the page's last event came, if it is behind all rows; before anything when it has a row itself. */
  get tail(): Nanos {
    const last = this.page.length - 1;
    return this.length > 0 && this.places[this.length - 1] === last ? before : (this.page[last]?.at ?? before);
  }

  /** Makes these the ticks of another page. Pages come in time order. */
  read(page: Page): this {
    this.page = page;
    this.length = 0;
    if (page.length > this.places.length) this.#grow(page.length);
    for (let place = 0; place < page.length; place++) {
      const event = page[place];
      if (event !== undefined) this.#add(event, place);
    }
    return this;
  }

  #add(event: MarketEvent, place: number): void {
    if (event.kind === 'trade') return this.#addTrade(event, place);
    if (event.kind === 'quote') {
      // Nobody makes anything of the quotes of stocks, and there are many.
      if (event.market === 'forex' || event.market === 'crypto') this.#addQuote(event, place);
    } else if (event.kind === 'value') {
      this.#put(this.#tickerOf(event), place, event.at, undefined, event.value, 0, unmeasured);
    } else if (isBar(event)) {
      this.#put(this.#tickerOf(event), place, event.at, undefined, 0, 0, wholeBar);
    }
  }

  #addTrade(trade: Trade, place: number): void {
    const ticker = this.#tickerOf(trade);
    if (ticker.ofQuotes) return;
    this.#put(ticker, place, trade.at, trade.participantAt, trade.price, trade.size, effectOf(trade));
  }

  #addQuote(quote: Quote, place: number): void {
    const ticker = this.#tickerOf(quote);
    if (!ticker.ofQuotes) return this.#put(ticker, place, quote.at, undefined, 0, 0, quoteBeside);
    const middle = middleOf(quote);
    if (middle !== 0) this.#put(ticker, place, quote.at, quote.participantAt, middle, 1, unruled);
  }

  #put(
    { number }: Ticker,
    place: number,
    at: Nanos,
    participantAt: Nanos | undefined,
    price: number,
    size: number,
    effect: number,
  ): void {
    if (at >= this.#until) this.#reach(at);
    const row = this.length++;
    this.places[row] = place;
    this.tickers[row] = number;
    this.seconds[row] = this.#second;
    this.origins[row] =
      participantAt === undefined || participantAt >= this.#from ? this.#second : secondOf(participantAt);
    this.prices[row] = price;
    this.sizes[row] = size;
    this.effects[row] = effect;
  }

  #reach(at: Nanos): void {
    this.#second = secondOf(at);
    this.#from = BigInt(this.#second) * secondNanos;
    this.#until = this.#from + secondNanos;
  }

  #tickerOf({ market, symbol }: Pick<Ticker, 'market' | 'symbol'>): Ticker {
    if (market !== this.#market) {
      const known = this.#markets.get(market);
      this.#ofMarket = known ?? new Map<string, Ticker>();
      if (known === undefined) this.#markets.set(market, this.#ofMarket);
      this.#market = market;
    }
    return this.#ofMarket.get(symbol) ?? this.#list(market, symbol);
  }

  #list(market: Market, symbol: string): Ticker {
    const recorded = this.#recorded(market, symbol);
    const ticker = { number: this.#known.length, market, symbol, recorded, ofQuotes: madeOfQuotes(market, recorded) };
    this.#known.push(ticker);
    this.#ofMarket.set(symbol, ticker);
    return ticker;
  }

  #grow(rows: number): void {
    this.places = new Uint32Array(rows);
    this.tickers = new Uint32Array(rows);
    this.seconds = new Float64Array(rows);
    this.origins = new Float64Array(rows);
    this.prices = new Float64Array(rows);
    this.sizes = new Float64Array(rows);
    this.effects = new Uint16Array(rows);
  }
}

const secondOf = (at: Nanos): number => Number(floorTo(at, secondNanos) / secondNanos);
