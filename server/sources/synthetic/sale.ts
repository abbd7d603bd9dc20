import type { Chance } from '../../../market/chance.ts';
import type { Instrument } from './instrument.ts';

/** Exchange letters of US stocks with their rough share of the trades (D = printed off exchange through a TRF, V = IEX). */
const venueShares = [
  ['D', 34],
  ['Q', 17],
  ['P', 11],
  ['Z', 9],
  ['N', 8],
  ['K', 7],
  ['V', 6],
  ['U', 4],
  ['Y', 2],
  ['X', 2],
] as const;
/** One letter per hundredth, so that a draw is one look-up. */
const venues = venueShares.flatMap(([letter, share]) => Array.from({ length: share }, () => letter));
export const offExchange = 'D';

/** A letter of a venue; quotes never come from the off-exchange facility. */
function venueOf(chance: Chance, quoting: boolean): string {
  const venue = venues[chance.below(venues.length)] ?? 'Q';
  return quoting && venue === offExchange ? 'Q' : venue;
}

/** Letters of option exchanges (NYSE American, BOX, Cboe, ISE, MIAX, Arca, Nasdaq, PHLX, BZX). */
const optionVenues = ['A', 'B', 'C', 'I', 'M', 'P', 'Q', 'X', 'Z'] as const;
/** A venue of any market's trade or quote; the others name none. */
export function marketVenueOf(market: Instrument['market'], chance: Chance, quoting: boolean): string | undefined {
  if (market === 'stocks') return venueOf(chance, quoting);
  return market === 'options' ? optionVenues[chance.below(optionVenues.length)] : undefined;
}
/** An option's trade is electronic (OPRA message type I), its quote is open to automatic execution (A). */
export const optionConditions = { trade: ['I'], quote: ['A'] } as const;

/** Where a stock is listed, and therefore holds its auctions: NYSE, NYSE Arca or Nasdaq. */
export function primaryVenue(tape: Instrument['tape']): string {
  return tape === 'A' ? 'N' : tape === 'B' ? 'P' : 'Q';
}

/** Sale conditions that an ordinary print may carry, as bits of the number that picks its list. */
export const sale = { sweep: 1, extended: 2, odd: 4, late: 8 } as const;
const letters = [
  [sale.sweep, 'F'],
  [sale.extended, 'T'],
  [sale.late, 'Z'],
  [sale.odd, 'I'],
] as const;

function listsOf(regular: string): readonly (readonly string[])[] {
  return Array.from({ length: 16 }, (_, bits) => [
    regular,
    ...letters.filter(([bit]) => (bits & bit) !== 0).map(([, letter]) => letter),
  ]);
}
// A regular sale is '@' on Nasdaq's tape and a blank on the two of the CTA (UTP and CTS specifications, sale conditions).
const nasdaqLists = listsOf('@');
const ctaLists = listsOf(' ');
const none: readonly string[] = [];

/** The sale conditions of an ordinary print; the lists are shared, so a million trades hold a handful of them. */
export function conditionsOf(tape: Instrument['tape'], bits: number): readonly string[] {
  return (tape === undefined ? none : (tape === 'C' ? nasdaqLists : ctaLists)[bits]) ?? none;
}

/** Auction prints: the opening or closing cross, then the market centre's official price. */
export const auctionConditions = {
  C: {
    open: [
      ['@', 'O', 'X'],
      ['@', 'Q'],
    ],
    close: [
      ['@', '6', 'X'],
      ['@', 'M'],
    ],
  },
  CTA: {
    open: [
      [' ', 'O'],
      [' ', 'Q'],
    ],
    close: [
      [' ', '6'],
      [' ', 'M'],
    ],
  },
} as const;

/** Shares, contracts, coins or currency units, with round figures preferred as people do. */
export function sizeOf({ market, price, oddLots }: Instrument, chance: Chance): number {
  const draw = chance.next();
  switch (market) {
    case 'stocks':
      // The square keeps most odd lots small and most round lots single.
      if (draw < oddLots) return 1 + Math.floor(99 * square(chance.next()));
      return 100 * (1 + Math.floor(12 * square(square(chance.next()))));
    case 'options':
      return 1 + Math.floor(40 * draw * draw * draw);
    case 'futures':
      return 1 + Math.floor(20 * draw * draw * draw);
    case 'indices':
      return 0;
    case 'crypto':
      return Math.max(1, Math.floor((2_000 / price) * draw * draw * draw * 1e8)) / 1e8;
    case 'forex':
      return 1_000 * (1 + Math.floor(500 * draw * draw * draw));
  }
}

// Not `**`: engines may round powers differently in the last bit.
const square = (share: number): number => share * share;
