import type { Market } from '../../../../market/event.ts';
import type { History } from '../../exchange.ts';
import { restTicker } from '../symbols.ts';
import { type Place, places } from './markets.ts';

/** What a ticker names: a symbol of a market. */
export interface Instrument {
  readonly ticker: string;
  readonly market: Place;
  readonly symbol: string;
}

const lists = new WeakMap<History['listed'], ReadonlyMap<string, Instrument>>();

/** What the tapes hold, by the ticker that REST calls it, in the order of the tickers. */
export function tickersOf({ listed }: History): ReadonlyMap<string, Instrument> {
  const known = lists.get(listed);
  if (known !== undefined) return known;
  const instruments = listed
    // Futures and perpetuals are not told of here, and a future may be called like a stock.
    .flatMap(({ market, symbol }) => (isPlace(market) ? [{ ticker: restTicker(market, symbol), market, symbol }] : []))
    .sort((one, other) => (one.ticker < other.ticker ? -1 : 1));
  const byTicker = new Map(instruments.map((instrument) => [instrument.ticker, instrument]));
  lists.set(listed, byTicker);
  return byTicker;
}

const isPlace = (market: Market): market is Place => places.some((place) => place === market);

/** The market of a ticker, known or not, by what stands before it. */
export function marketOf(ticker: string): Place {
  switch (ticker.slice(0, 2)) {
    case 'O:':
      return 'options';
    case 'X:':
      return 'crypto';
    case 'C:':
      return 'forex';
    case 'I:':
      return 'indices';
    default:
      return 'stocks';
  }
}

/** A pair as the paths of last prices name it, `BTC` and `USD`, in its market. */
export function pairOf(market: 'crypto' | 'forex', from: string, to: string, history: History): Instrument | undefined {
  return tickersOf(history).get(restTicker(market, `${from.toUpperCase()}/${to.toUpperCase()}`));
}
