import type { Market } from '../../../market/event.ts';
import { anyIndex, coins, commonStock, currencies, securities } from './listings.ts';

/** What the vendor tells of an instrument beside its prices. */
export interface Instrument {
  readonly name: string;
  readonly exchange: string;
  readonly type: string;
  /** IANA name of the zone in which its times are told. */
  readonly zone: string;
  /** Of securities; pairs have none. */
  readonly mic: string | undefined;
  readonly currency: string | undefined;
  readonly country: string | undefined;
  /** Of pairs: both currencies by name. */
  readonly base: string | undefined;
  readonly quote: string | undefined;
}

/** A listing of the scenario's own: what it leaves out is as the directory has it. */
export type Listing = { readonly [Field in keyof Instrument]?: Instrument[Field] | undefined };

/** What a client may say of an instrument to tell it from others of the same symbol; absent fields leave it open. */
export interface Detail {
  readonly exchange?: string | undefined;
  readonly mic?: string | undefined;
  readonly country?: string | undefined;
  readonly type?: string | undefined;
}

/** Segments under the code of the exchange that runs them (ISO 10383), by which documents and clients call them as well. */
const operators: Readonly<Record<string, string>> = { XNGS: 'XNAS', XNMS: 'XNAS', XNCM: 'XNAS', ARCX: 'XNYS' };

/** Which instruments there are, by symbol: the well-known ones, those a scenario lists, and what is supposed of all others. */
export class Directory {
  readonly #listings: Readonly<Record<string, Listing>>;

  constructor(listings: Readonly<Record<string, Listing>> = {}) {
    this.#listings = listings;
  }

  /** The instrument of a symbol that tapes have in this market; by the look of its symbol when they do not have it. */
  find(symbol: string, market: Market | undefined): Instrument {
    const supposed = supposition(symbol, market);
    const listing = this.#listing(symbol);
    return listing === undefined ? supposed : { ...supposed, ...told(listing) };
  }

  /** Whether a symbol can be meant by what a client says of it. What the directory does not know may be anything. */
  fits(symbol: string, { exchange, mic, country, type }: Detail): boolean {
    if (this.#listing(symbol) === undefined && !securities.has(symbol) && !isKnownPair(symbol)) return true;
    const known = this.find(symbol, undefined);
    const code = mic?.toUpperCase();
    return (
      (exchange === undefined || same(exchange, known.exchange) || same(exchange, known.mic ?? '')) &&
      (code === undefined || code === known.mic || code === operators[known.mic ?? '']) &&
      (country === undefined ||
        same(country, known.country ?? '') ||
        countryCodes[known.country ?? '']?.includes(country.toUpperCase()) === true) &&
      (type === undefined || same(type, known.type))
    );
  }

  #listing(symbol: string): Listing | undefined {
    return Object.hasOwn(this.#listings, symbol) ? this.#listings[symbol] : undefined;
  }
}

const countryCodes: Readonly<Record<string, readonly string[]>> = {
  'United States': ['US', 'USA'],
  India: ['IN', 'IND'],
};

/** Types come as words and as codes: `Common Stock`, `COMMON_STOCK`. */
const plain = (text: string): string => text.toUpperCase().replaceAll('_', ' ');
const same = (one: string, other: string): boolean => plain(one) === plain(other);

function told(listing: Listing): Partial<Instrument> {
  return Object.fromEntries(Object.entries(listing).filter(([, value]) => value !== undefined));
}

function supposition(symbol: string, market: Market | undefined): Instrument {
  if (market === 'crypto' || market === 'forex' || (market === undefined && symbol.includes('/'))) {
    return pair(symbol, market);
  }
  const known = securities.get(symbol) ?? { ...(market === 'indices' ? anyIndex : commonStock), name: symbol };
  return { ...known, base: undefined, quote: undefined };
}

/** Names and zones of pairs as the vendor documents them: `Euro / US Dollar`, UTC for both kinds. */
function pair(symbol: string, market: Market | undefined): Instrument {
  const [base = symbol, quote = ''] = symbol.split('/');
  const isCoin = market === 'crypto' || (market === undefined && Object.hasOwn(coins, base));
  const nameOf = (code: string): string =>
    (isCoin ? (coins[code] ?? currencies[code]) : (currencies[code] ?? coins[code])) ?? code;
  const common = {
    base: nameOf(base),
    quote: nameOf(quote),
    zone: 'UTC',
    mic: undefined,
    currency: undefined,
    country: undefined,
  };
  return isCoin
    ? { ...common, name: `${nameOf(base)} ${nameOf(quote)}`, exchange: 'Coinbase Pro', type: 'Digital Currency' }
    : {
        ...common,
        name: `${nameOf(base)} / ${nameOf(quote)}`,
        exchange: 'PHYSICAL CURRENCY',
        type: 'Physical Currency',
      };
}

function isKnownPair(symbol: string): boolean {
  const [base = '', quote] = symbol.split('/');
  return quote !== undefined && (Object.hasOwn(currencies, base) || Object.hasOwn(coins, base));
}
