import { type Chance, mix, uniform } from '../../../market/chance.ts';
import type { Instrument } from './instrument.ts';
import type { Hours } from './trading-hours.ts';

/** How long a halted stock rests, in seconds. A limit-up limit-down pause takes five minutes. */
const haltSeconds = 300;
/** No halt in the first quarter of an hour nor in the last 25 minutes. */
const haltEarliest = 900;
const haltLatest = 1500;
/** Share of the day's average rate that is left before the open and after the close. */
const extendedActivity = 0.06;
/** The u-shape: a floor and two flanks, each a power of the distance to the other end; `average` makes the mean one. */
const shape = { floor: 0.75, open: 1.1, close: 0.9, average: 0.75 + 1.1 / 9 + 0.9 / 9 };
const burstChance = 0.03;
const burstFactor = 3;

/** How many trades and quotes a second brings, before any of them is made. */
export interface Counts {
  trades: number;
  quotes: number;
}

/** Says how busy one symbol is in one second. Writes into `counts`, because it is asked millions of times. */
export function countsOf(instrument: Instrument, hours: Hours, second: number, chance: Chance, counts: Counts): void {
  const { open, close, from, to } = hours;
  counts.trades = 0;
  counts.quotes = 0;
  if (auctionAt(instrument, hours, second) === 'close') counts.trades = closingPrints;
  const trading = second >= from && second < to;
  const halt = haltOf(instrument, hours);
  if (!trading || (halt !== undefined && second >= halt.from && second < halt.to)) return;
  chance.reset(instrument.key, second, 0);
  const regular = second >= open && second < close;
  const level = regular ? profile(instrument, (second - open) / (close - open)) : extendedActivity;
  const burst = (0.4 + 1.2 * chance.next()) * (chance.next() < burstChance ? burstFactor : 1);
  counts.trades += Math.floor(instrument.tradeRate * level * burst + chance.next());
  counts.quotes = Math.floor(instrument.quoteRate * level * burst + chance.next());
  if (auctionAt(instrument, hours, second) === 'open') counts.trades = Math.max(counts.trades, openingPrints);
}

/** Prints of an auction: the cross itself and the official price. */
export const openingPrints = 2;
export const closingPrints = 2;

/** US stocks open and close with an auction, printed in the second that begins and in the second that follows the day. */
export function auctionAt(
  instrument: Instrument,
  { open, close }: Hours,
  second: number,
): 'open' | 'close' | undefined {
  if (instrument.market !== 'stocks') return undefined;
  return second === open ? 'open' : second === close ? 'close' : undefined;
}

/** When a stock is halted on this day, in whole seconds; `undefined` on most days. */
export function haltOf(instrument: Instrument, { open, close }: Hours): { from: number; to: number } | undefined {
  const key = mix(instrument.key, open);
  if (uniform(key) >= instrument.halts) return undefined;
  const room = close - open - haltEarliest - haltLatest - haltSeconds;
  const from = open + haltEarliest + Math.floor(uniform(mix(key, 1)) * room);
  return { from, to: from + haltSeconds };
}

function profile({ shape: wanted }: Instrument, passed: number): number {
  if (wanted === 'flat') return 1;
  return (shape.floor + shape.open * eighth(1 - passed) + shape.close * eighth(passed)) / shape.average;
}

function eighth(share: number): number {
  const second = share * share;
  const fourth = second * second;
  return fourth * fourth;
}
