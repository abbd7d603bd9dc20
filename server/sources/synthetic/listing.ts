import { keyOf, mix, uniform } from '../../../market/chance.ts';
import { contractOf } from './contract.ts';
import { rootOf } from './futures.ts';
import { nameOf, type InstrumentOptions } from './options.ts';

/** Markets the generator knows how to invent. */
export type TradedMarket = 'stocks' | 'options' | 'crypto' | 'forex' | 'indices' | 'futures';

/** What is known of a symbol before a scenario says more. */
export interface Listing {
  readonly price: number;
  readonly volatility: number;
  /** Activity next to the other symbols of a tape. */
  readonly weight: number;
  readonly tape: 'A' | 'B' | 'C';
  /** The market whose common movement it shares, when that is not its own. */
  readonly movesWith?: TradedMarket;
}

const coins = ['BTC', 'ETH', 'SOL', 'LTC', 'DOGE', 'AVAX', 'LINK', 'UNI', 'XRP', 'ADA', 'DOT', 'BCH', 'SHIB', 'USDT'];

/** Round figures near the middle of 2026; a scenario that cares gives its own. */
const listings: Readonly<Record<string, Listing>> = {
  AAPL: { price: 231.5, volatility: 0.28, weight: 1.3, tape: 'C' },
  MSFT: { price: 468.2, volatility: 0.25, weight: 1, tape: 'C' },
  GOOGL: { price: 189.3, volatility: 0.3, weight: 0.9, tape: 'C' },
  AMZN: { price: 222.4, volatility: 0.32, weight: 1.1, tape: 'C' },
  NVDA: { price: 158.7, volatility: 0.48, weight: 1.6, tape: 'C' },
  META: { price: 712.6, volatility: 0.35, weight: 0.9, tape: 'C' },
  TSLA: { price: 318.9, volatility: 0.6, weight: 1.4, tape: 'C' },
  QQQ: { price: 548.1, volatility: 0.22, weight: 1.4, tape: 'C' },
  SPY: { price: 618.4, volatility: 0.17, weight: 1.5, tape: 'B' },
  IBM: { price: 284.6, volatility: 0.24, weight: 0.4, tape: 'A' },
  BAC: { price: 47.2, volatility: 0.27, weight: 0.7, tape: 'A' },
  JPM: { price: 287.3, volatility: 0.24, weight: 0.6, tape: 'A' },
  'BTC/USD': { price: 64_200, volatility: 0.55, weight: 0.8, tape: 'A' },
  'ETH/USD': { price: 3_420, volatility: 0.7, weight: 0.6, tape: 'A' },
  'EUR/USD': { price: 1.1742, volatility: 0.08, weight: 0.7, tape: 'A' },
  'GBP/USD': { price: 1.3605, volatility: 0.09, weight: 0.5, tape: 'A' },
  'USD/JPY': { price: 144.2, volatility: 0.1, weight: 0.5, tape: 'A' },
  'USD/COP': { price: 4_075, volatility: 0.14, weight: 0.3, tape: 'A' },
};
/** Indices by the vendors' names; they move with the stocks they are made of, all but the one of volatility. */
const indices: Readonly<Record<string, Listing>> = {
  SPX: { price: 6_204.95, volatility: 0.17, weight: 0, tape: 'A', movesWith: 'stocks' },
  NDX: { price: 22_679.01, volatility: 0.22, weight: 0, tape: 'A', movesWith: 'stocks' },
  DJI: { price: 44_094.77, volatility: 0.15, weight: 0, tape: 'A', movesWith: 'stocks' },
  RUT: { price: 2_175.04, volatility: 0.24, weight: 0, tape: 'A', movesWith: 'stocks' },
  COMP: { price: 20_369.73, volatility: 0.21, weight: 0, tape: 'A', movesWith: 'stocks' },
  VIX: { price: 16.73, volatility: 1.1, weight: 0, tape: 'A' },
};

/** The listing of a symbol; one that is not known gets figures that depend on its letters alone. */
export function listingOf(symbol: string, market: TradedMarket): Listing {
  const known = market === 'indices' ? indices[symbol] : market === 'futures' ? rootOf(symbol) : listings[symbol];
  if (known !== undefined) return { tape: 'A', ...known };
  const key = keyOf(symbol, 0);
  const { price, volatility } = unlisted(market, uniform(key));
  const weight = 0.3 + 0.4 * uniform(mix(key, 1));
  return { price: Math.round(price * 100) / 100, volatility, weight, tape: symbol.length <= 3 ? 'A' : 'C' };
}

function unlisted(market: TradedMarket, share: number): Pick<Listing, 'price' | 'volatility'> {
  switch (market) {
    case 'stocks':
      return { price: 20 + 180 * share, volatility: 0.35 };
    case 'options':
      return { price: 0, volatility: 0 };
    case 'crypto':
      return { price: 1 + 99 * share, volatility: 0.8 };
    case 'forex':
      return { price: 1 + share, volatility: 0.1 };
    case 'indices':
      return { price: 1000 + 9000 * share, volatility: 0.2 };
    case 'futures':
      return { price: 10 + 990 * share, volatility: 0.3 };
  }
}

/** The market an entry trades on: as it says, else by its shape. */
export function marketOf(entry: string | InstrumentOptions): TradedMarket {
  if (typeof entry !== 'string' && entry.market !== undefined) return entry.market;
  const [base = '', counter] = nameOf(entry).split('/');
  if (counter === undefined) return ofOneName(base);
  return coins.includes(base) ? 'crypto' : 'forex';
}

function ofOneName(symbol: string): TradedMarket {
  if (contractOf(symbol) !== undefined) return 'options';
  return Object.hasOwn(indices, symbol) ? 'indices' : rootOf(symbol) !== undefined ? 'futures' : 'stocks';
}
