/**
 * The words both sides of Papertape speak. A tape is a sequence of these events, oldest first; an exchange spells
 * them in a vendor's letters, a feed reads them back. Every field any of the three vendors carries has one name here;
 * a field the tape does not know is `undefined`, never absent, so that all events of a kind share one shape.
 */

import type { Book } from './book.ts';
import type { Happening, Nanos } from './happening.ts';
import type { News } from './news.ts';

export { markets, type Market, type Nanos } from './happening.ts';
export type { Book, Level } from './book.ts';
export type { News } from './news.ts';

/** A kind of event is also what a client subscribes to, so `Channel` is the union of all kinds. */
export const channels = [
  'trade',
  'quote',
  'second-bar',
  'bar',
  'updated-bar',
  'daily-bar',
  'status',
  'luld',
  'imbalance',
  'correction',
  'cancel',
  'book',
  'value',
  'news',
  'price',
  'fair-value',
  'pricing',
] as const;
export type Channel = (typeof channels)[number];

/** Consolidated tape of US stocks: A = NYSE, B = regional and ETF, C = Nasdaq, O = over the counter. */
export type TapeLetter = 'A' | 'B' | 'C' | 'O';

export interface Trade extends Happening {
  readonly kind: 'trade';
  /** The exchange's own id as text, because ids pass 2^53 and some vendors use letters. */
  readonly id: string;
  readonly price: number;
  /** Shares or contracts, fractions included: a double holds every size with six decimals below nine billion. */
  readonly size: number;
  /** Exchange code as the tape spells it: one SIP letter for US stocks (`V` = IEX). */
  readonly exchange: string | undefined;
  /** Sale conditions as SIP letters, in the tape's order. */
  readonly conditions: readonly string[];
  readonly tape: TapeLetter | undefined;
  /** Sequence number within the symbol's day. */
  readonly sequence: number | undefined;
  /** When the reporting participant stamped it. */
  readonly participantAt: Nanos | undefined;
  /** Trade reporting facility: id and time, for off-exchange prints. */
  readonly trfId: number | undefined;
  readonly trfAt: Nanos | undefined;
  /** Crypto: which side took liquidity. */
  readonly taker: 'buy' | 'sell' | undefined;
  /** Crypto: when the vendor received it. */
  readonly receivedAt: Nanos | undefined;
  /** The tape's correction indicator in recorded history: 0 = as first reported. */
  readonly correction: number | undefined;
  /** Futures: number of the exchange's report, beside `sequence`. */
  readonly reportSequence: number | undefined;
  /** Futures: the date on which the trading session ends, `2026-07-01`. */
  readonly session: string | undefined;
}

export interface Quote extends Happening {
  readonly kind: 'quote';
  /** 0 when this side is empty. */
  readonly bidPrice: number;
  /** Shares, not round lots; 0 where the market publishes no sizes (forex). */
  readonly bidSize: number;
  readonly bidExchange: string | undefined;
  readonly askPrice: number;
  readonly askSize: number;
  readonly askExchange: string | undefined;
  readonly conditions: readonly string[];
  readonly indicators: readonly number[];
  readonly tape: TapeLetter | undefined;
  readonly sequence: number | undefined;
  readonly participantAt: Nanos | undefined;
  /** When a trade reporting facility received it. */
  readonly trfAt: Nanos | undefined;
  /** Futures: when each side was set. */
  readonly bidAt: Nanos | undefined;
  readonly askAt: Nanos | undefined;
  /** Crypto: when the vendor received it. */
  readonly receivedAt: Nanos | undefined;
  /** Futures: as in a trade. */
  readonly reportSequence: number | undefined;
  readonly session: string | undefined;
}

/** `bar` is a finished minute; `updated-bar` the same minute after a late trade; `daily-bar` the day so far. */
export const barKinds = ['second-bar', 'bar', 'updated-bar', 'daily-bar'] as const;
export type BarKind = (typeof barKinds)[number];

export interface Bar extends Happening {
  readonly kind: BarKind;
  /** Start of the bucket. `at` is when the bar is published, always at or after its end (daily: after the last minute). */
  readonly start: Nanos;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Shares, contracts or coins, fractions included; quote updates for forex; 0 for indices. */
  readonly volume: number;
  readonly trades: number;
  readonly vwap: number;
  /** Volume of the whole day up to and including this bar, when the tape knows it. */
  readonly dayVolume: number | undefined;
  /** Official opening price of the day; undefined before the opening. */
  readonly dayOpen: number | undefined;
  /** Volume-weighted average price of the whole day up to and including this bar. */
  readonly dayVwap: number | undefined;
  /** Mean size of the bar's trades, as the vendor rounds it. */
  readonly averageSize: number | undefined;
  /** Futures: money traded in the bar, in the contract's currency. */
  readonly turnover: number | undefined;
  /** True for over-the-counter stocks. */
  readonly otc: boolean | undefined;
  /** The exchange that made it by its own schedule, for its own clients; absent on bars that a tape holds. */
  readonly publisher?: string;
}

/** Halt, resumption and other trading status, in the SIP's codes. */
export interface Status extends Happening {
  readonly kind: 'status';
  readonly code: string;
  readonly message: string;
  readonly reasonCode: string;
  readonly reasonMessage: string;
  readonly tape: TapeLetter | undefined;
}

/** Limit-up limit-down band. */
export interface Luld extends Happening {
  readonly kind: 'luld';
  readonly up: number;
  readonly down: number;
  /** The tape's one-letter indicator; empty when the tape has only `indicators`. */
  readonly indicator: string;
  readonly tape: TapeLetter | undefined;
  /** The same as numeric codes, where the vendor has a list of them. */
  readonly indicators: readonly number[] | undefined;
  readonly sequence: number | undefined;
}

/** Order imbalance before an auction. */
export interface Imbalance extends Happening {
  readonly kind: 'imbalance';
  /** Where the auction would clear now. */
  readonly price: number;
  readonly pairedShares: number | undefined;
  readonly imbalanceShares: number | undefined;
  readonly side: string | undefined;
  /** O = opening, M = core opening, C = closing, H = after a halt, P = extreme closing, R = regulatory. */
  readonly auction: string | undefined;
  readonly tape: TapeLetter | undefined;
  /** When the auction is planned, New York time of day: `16:00`. */
  readonly auctionTime: string | undefined;
  readonly exchange: string | undefined;
  /** Sequence number within the symbol's day. */
  readonly sequence: number | undefined;
}

/** One side of a correction: the trade as it was, or as it should have been. */
export interface Print {
  readonly id: string;
  readonly price: number;
  readonly size: number;
  readonly conditions: readonly string[];
}

export interface Correction extends Happening {
  readonly kind: 'correction';
  readonly exchange: string | undefined;
  readonly original: Print;
  readonly corrected: Print;
  readonly tape: TapeLetter | undefined;
}

export interface Cancel extends Happening {
  readonly kind: 'cancel';
  readonly id: string;
  readonly price: number;
  readonly size: number;
  readonly exchange: string | undefined;
  /** C = cancelled, E = entered in error. */
  readonly action: 'C' | 'E';
  readonly tape: TapeLetter | undefined;
}

/** An index level. */
export interface Value extends Happening {
  readonly kind: 'value';
  readonly value: number;
}

/** A price as it ticks, without size or trade: all that vendors of last prices publish, with what they say of the instrument. */
export interface Price extends Happening {
  readonly kind: 'price';
  readonly price: number;
  readonly bidPrice: number | undefined;
  readonly askPrice: number | undefined;
  /** Volume of the whole day so far. */
  readonly dayVolume: number | undefined;
  /** The exchange by name: `NASDAQ`, `Coinbase Pro`. */
  readonly exchange: string | undefined;
  /** Market identifier code (ISO 10383) of the exchange: `XNGS`. */
  readonly mic: string | undefined;
  /** Currency code of the price: `USD`. */
  readonly currency: string | undefined;
  /** Forex and crypto: both currencies by name, `Euro` and `US Dollar`. */
  readonly baseCurrency: string | undefined;
  readonly quoteCurrency: string | undefined;
  /** Kind of instrument in the vendor's words: `Common Stock`. */
  readonly instrument: string | undefined;
  /** As of a bar. */
  readonly publisher?: string;
}

/** What the vendor computes an instrument to be worth, whether or not it trades. */
export interface FairValue extends Happening {
  readonly kind: 'fair-value';
  readonly value: number;
}

/** What a perpetual future is priced by. */
export interface Pricing extends Happening {
  readonly kind: 'pricing';
  readonly exchange: string | undefined;
  readonly indexPrice: number | undefined;
  readonly markPrice: number | undefined;
  /** Share of the position's value paid per funding period: 0.0001 = one basis point. */
  readonly fundingRate: number | undefined;
  /** Contracts open. */
  readonly openInterest: number | undefined;
  /** When funding is paid next. */
  readonly fundingAt: Nanos | undefined;
}

export type MarketEvent =
  | Trade
  | Quote
  | Bar
  | Status
  | Luld
  | Imbalance
  | Correction
  | Cancel
  | Book
  | Value
  | News
  | Price
  | FairValue
  | Pricing;

export function isBarKind(kind: Channel): kind is BarKind {
  return (barKinds as readonly string[]).includes(kind);
}

export const isTrade = (event: MarketEvent): event is Trade => event.kind === 'trade';
export const isQuote = (event: MarketEvent): event is Quote => event.kind === 'quote';

export function isBar(event: MarketEvent): event is Bar {
  return isBarKind(event.kind);
}

/** The exchange that made the event for its own clients; `undefined` when it is on the tape, for everybody. */
export function publisherOf(event: MarketEvent): string | undefined {
  // Asked of every event: those that come most often first.
  if (event.kind === 'trade' || event.kind === 'quote') return undefined;
  return 'publisher' in event ? event.publisher : undefined;
}
