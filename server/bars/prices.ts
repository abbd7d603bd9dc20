import { unknownOfPrice } from '../../market/unknown.ts';
import type { MarketEvent, Price, Trade } from '../../market/event.ts';
import { ByTicker } from './by-ticker.ts';
import { dailyShift, replaces, volume } from '../../market/sale-conditions.ts';
import { DayBook } from './day-book.ts';
import type { Deriver } from './deriver.ts';
import { SymbolDays } from './symbol-days.ts';
import { exact } from './tally.ts';
import { quoteBeside, type Ticks } from './ticks.ts';

export interface PriceOptions {
  /** The exchange that publishes them. */
  readonly publisher: string;
}

/** What is known of a symbol: its day and, of crypto, the last quote. */
interface Standing {
  /** True when the tape holds prices of it. */
  readonly recorded: boolean;
  readonly days: SymbolDays;
  bidPrice: number | undefined;
  askPrice: number | undefined;
}

/**
 * Makes last prices, at the moment of what moves them: a trade whose conditions let it, with the volume of the day so far and in crypto
 * the last bid and ask; in forex a quote, whose price is halfway between bid and ask; the value of an index. None where the tape holds some.
 */
export class Prices implements Deriver {
  readonly #publisher: string;
  readonly #standings: ByTicker<Standing>;

  constructor({ publisher }: PriceOptions) {
    this.#publisher = publisher;
    const book = new DayBook();
    this.#standings = new ByTicker(({ market, recorded }) => ({
      recorded: recorded.has('price'),
      days: new SymbolDays(market, book),
      bidPrice: undefined,
      askPrice: undefined,
    }));
  }

  take(ticks: Ticks): readonly Price[] {
    const prices: Price[] = [];
    for (let row = 0; row < ticks.length; row++) {
      const price = this.#read(ticks, row);
      if (price !== undefined && price.price !== 0) prices.push(price);
    }
    return prices;
  }

  /** Nothing: every price leaves with what moved it. */
  end(): readonly Price[] {
    return [];
  }

  #read(ticks: Ticks, row: number): Price | undefined {
    const standing = this.#standings.of(ticks, row);
    if (standing.recorded) return undefined;
    const event = ticks.event(row);
    const effect = ticks.effects[row] ?? 0;
    if (event?.kind === 'trade') return this.#readTrade(standing, event, effect, ticks.origins[row] ?? 0);
    if (event?.kind === 'value') return this.#priceOf(event, event.value, undefined, undefined, undefined);
    if (event?.kind !== 'quote') return undefined;
    const { bidPrice, askPrice } = event;
    if (effect !== quoteBeside) return this.#priceOf(event, ticks.prices[row] ?? 0, bidPrice, askPrice, undefined);
    standing.bidPrice = bidPrice;
    standing.askPrice = askPrice;
    return undefined;
  }

  #readTrade({ days, bidPrice, askPrice }: Standing, trade: Trade, effect: number, origin: number): Price | undefined {
    const { price, size } = trade;
    const day = days.at(origin);
    if (day !== undefined && ((effect >> dailyShift) & volume) !== 0) day.tally.volume += size;
    if ((effect & replaces) === 0) return undefined;
    return this.#priceOf(trade, price, bidPrice, askPrice, exact(days.latest?.tally.volume ?? 0));
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
      ...unknownOfPrice,
      publisher: this.#publisher,
    };
  }
}
