import { keyOf } from '../../../market/chance.ts';
import { contractOf, type Contract } from './contract.ts';
import { rootOf } from './futures.ts';
import { type Listing, listingOf, marketOf, type TradedMarket } from './listing.ts';
import { type InstrumentOptions, nameOf, type Options } from './options.ts';
import { hoursFinder, type Hours, type Span } from './trading-hours.ts';

/** One traded symbol with everything settled that its generation needs. */
export interface Instrument {
  readonly symbol: string;
  readonly market: TradedMarket;
  /** Key of all its draws: made of seed and symbol, so that no other symbol of the tape matters. */
  readonly key: number;
  readonly price: number;
  /** Price steps in one unit of price: 100 for cents. Dividing a whole number by it gives the double nearest to the decimal. */
  readonly stepsPerUnit: number;
  /** Deviation of the logarithm of its price over one second. */
  readonly deviation: number;
  /** How much of that the whole market shares, as a factor; and the rest. Their squares add up to one. */
  readonly common: number;
  readonly own: number;
  /** Trades and quotes a second, averaged over a day. */
  readonly tradeRate: number;
  readonly quoteRate: number;
  /** Values a second; 0 for all but indices. */
  readonly valueRate: number;
  readonly shape: 'u-shape' | 'flat';
  readonly oddLots: number;
  readonly halts: number;
  readonly corrections: number;
  readonly tape: 'A' | 'B' | 'C' | undefined;
  /** Room for this many ids and sequence numbers in every second. */
  readonly stride: number;
  /** Levels on each side of its order book; 0 = it has none. */
  readonly books: number;
  /** Items of news a second. */
  readonly newsRate: number;
  /** Other symbols of its market on the tape, for news to mention. */
  readonly peers: readonly string[];
  /** An option is priced by what it is written on. */
  readonly contract: Written | undefined;
  /** The market whose common movement it shares. */
  readonly movesWith: TradedMarket;
  readonly hours: readonly Hours[];
}

const secondsPerYear = 365.25 * 86_400;
/** A second may bring so many times the average: the open, times a burst. */
const busiest = 12;
/** How often the big indices are computed. */
const valuesPerSecond = 1;

/** A contract with the stock it is written on. */
export interface Written extends Omit<Contract, 'underlying'> {
  readonly underlying: Instrument;
}

/** Settles the options: who trades, at what price and rate, and when. */
export function instrumentsOf(options: Options, span: Span, seed: number): readonly Instrument[] {
  const entries = options.symbols.map(entryOf);
  const hoursOf = hoursFinder(span, options.extendedHours);
  const sharing = entries.filter(({ given, market }) => given?.rate === undefined && market !== 'indices');
  const weights = sharing.reduce((sum, { listing }) => sum + listing.weight, 0);
  const newsworthy = entries.filter(({ market }) => inTheNews(market));
  const settle = ({ symbol, market, listing, given }: Entry): Instrument => {
    const price = given?.price ?? listing.price;
    const isIndex = market === 'indices';
    // An index is computed, not traded: it takes nothing of the rate that the others share.
    const valueRate = isIndex ? (given?.rate ?? valuesPerSecond) : 0;
    const rate = isIndex ? 0 : (given?.rate ?? (options.rate * listing.weight) / weights);
    const tradeRate = rate / (1 + options.quotesPerTrade);
    const isStock = market === 'stocks';
    return {
      symbol,
      market,
      key: keyOf(symbol, seed),
      price,
      stepsPerUnit: Math.round(1 / (given?.tick ?? tickOf(market, price, symbol))),
      deviation: (given?.volatility ?? listing.volatility) / Math.sqrt(secondsPerYear),
      common: Math.sqrt(options.correlation),
      own: Math.sqrt(1 - options.correlation),
      tradeRate,
      quoteRate: rate - tradeRate,
      valueRate,
      shape: isStock || market === 'options' ? options.profile : 'flat',
      oddLots: options.oddLots,
      halts: isStock ? options.halts : 0,
      corrections: isStock ? options.corrections : 0,
      tape: isStock ? (given?.tape ?? listing.tape) : undefined,
      stride: strideFor(rate * busiest),
      books: market === 'crypto' ? options.books : 0,
      newsRate: inTheNews(market) ? options.news / 3600 / Math.max(1, newsworthy.length) : 0,
      peers: newsworthy
        .filter((other) => other.market === market && other.symbol !== symbol)
        .map((other) => other.symbol),
      contract: written(symbol),
      movesWith: listing.movesWith ?? market,
      hours: hoursOf(market, symbol),
    };
  };
  const written = (symbol: string): Written | undefined => {
    const contract = contractOf(symbol);
    if (contract === undefined) return undefined;
    const { underlying } = contract;
    const listed = entries.find((entry) => entry.symbol === underlying) ?? entryOf(underlying);
    return { ...contract, underlying: settle(listed) };
  };
  return entries.map(settle);
}

interface Entry {
  readonly symbol: string;
  readonly market: TradedMarket;
  readonly listing: Listing;
  readonly given: InstrumentOptions | undefined;
}

function entryOf(entry: string | InstrumentOptions): Entry {
  const symbol = nameOf(entry);
  const market = marketOf(entry);
  return { symbol, market, listing: listingOf(symbol, market), given: typeof entry === 'string' ? undefined : entry };
}

const inTheNews = (market: TradedMarket): boolean => market === 'stocks' || market === 'crypto';

/** Stocks: cents, and hundredths of a cent below one dollar (Regulation NMS, Rule 612). Others: as venues quote them. */
function tickOf(market: TradedMarket, price: number, symbol: string): number {
  switch (market) {
    case 'stocks':
      return price < 1 ? 0.0001 : 0.01;
    case 'options':
    case 'indices':
      return 0.01;
    case 'futures':
      return rootOf(symbol)?.tick ?? 0.01;
    case 'crypto':
      return price >= 1000 ? 0.1 : price >= 1 ? 0.001 : 0.000001;
    case 'forex':
      return price >= 1000 ? 0.01 : price >= 20 ? 0.001 : 0.00001;
  }
}

function strideFor(perSecond: number): number {
  let stride = 1000;
  while (stride < perSecond) stride *= 10;
  return stride;
}
