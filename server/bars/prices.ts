import type { Channel, Market, MarketEvent, Price, Quote, Trade } from '../../market/event.ts';
import type { Page } from '../sources/source.ts';
import { BySymbol } from './by-symbol.ts';
import { dailyShift, effectOf, replaces } from './conditions.ts';
import { DayBook } from './day-book.ts';
import type { Deriver } from './deriver.ts';
import { madeOfQuotes, middleOf } from './middle.ts';
import { stampOf } from './stamp.ts';
import { SymbolDays } from './symbol-days.ts';
import { exact } from './tally.ts';

export interface PriceOptions {
  /** The exchange that publishes them. */
  readonly publisher: string;
  /** Kinds of events the tapes hold of a symbol; where prices are among them, none are made. */
  recorded(market: Market, symbol: string): ReadonlySet<Channel>;
}

/** What is known of a symbol: its day and, of crypto, the last quote. */
interface Ticker {
  /** True when its prices are made of quotes. */
  readonly ofQuotes: boolean;
  readonly days: SymbolDays;
  bidPrice: number | undefined;
  askPrice: number | undefined;
}

/**
 * Makes last prices, at the moment of what moves them: a trade whose conditions let it, with the volume of the day so far and in crypto
 * the last bid and ask; in forex a quote, whose price is halfway between bid and ask; the value of an index.
 */
export class Prices implements Deriver {
  readonly #publisher: string;
  readonly #tickers: BySymbol<Ticker | undefined>;

  constructor(options: PriceOptions) {
    this.#publisher = options.publisher;
    const book = new DayBook();
    this.#tickers = new BySymbol((market, symbol) => {
      const recorded = options.recorded(market, symbol);
      if (recorded.has('price')) return undefined;
      const ofQuotes = madeOfQuotes(market, recorded);
      return { ofQuotes, days: new SymbolDays(market, book), bidPrice: undefined, askPrice: undefined };
    });
  }

  take(page: Page): readonly Price[] {
    const prices: Price[] = [];
    for (const event of page) {
      const price = this.#read(event);
      if (price !== undefined && price.price !== 0) prices.push(price);
    }
    return prices;
  }

  /** Nothing: every price leaves with what moved it. */
  end(): readonly Price[] {
    return [];
  }

  #read(event: MarketEvent): Price | undefined {
    const { kind, market } = event;
    if (kind !== 'trade' && kind !== 'quote' && kind !== 'value') return undefined;
    if (kind === 'quote' && market !== 'forex' && market !== 'crypto') return undefined;
    const ticker = this.#tickers.of(market, event.symbol);
    if (ticker === undefined) return undefined;
    if (kind === 'value') return this.#priceOf(event, event.value, undefined, undefined, undefined);
    return kind === 'trade' ? this.#readTrade(ticker, event) : this.#readQuote(ticker, event);
  }

  #readTrade({ ofQuotes, days, bidPrice, askPrice }: Ticker, trade: Trade): Price | undefined {
    if (ofQuotes) return undefined;
    const { price, size } = trade;
    const effect = effectOf(trade);
    days.at(stampOf(trade))?.tally.add(price, size, effect >> dailyShift);
    if ((effect & replaces) === 0) return undefined;
    return this.#priceOf(trade, price, bidPrice, askPrice, exact(days.latest?.tally.volume ?? 0));
  }

  #readQuote(ticker: Ticker, quote: Quote): Price | undefined {
    const { bidPrice, askPrice } = quote;
    if (ticker.ofQuotes) return this.#priceOf(quote, middleOf(quote), bidPrice, askPrice, undefined);
    ticker.bidPrice = bidPrice;
    ticker.askPrice = askPrice;
    return undefined;
  }

  #priceOf(
    { market, symbol, at }: MarketEvent,
    price: number,
    bidPrice: number | undefined,
    askPrice: number | undefined,
    dayVolume: number | undefined,
  ): Price {
    return {
      kind: 'price',
      market,
      symbol,
      at,
      price,
      bidPrice,
      askPrice,
      dayVolume,
      exchange: undefined,
      mic: undefined,
      currency: undefined,
      baseCurrency: undefined,
      quoteCurrency: undefined,
      instrument: undefined,
      publisher: this.#publisher,
    };
  }
}
