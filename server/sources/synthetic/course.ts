import type { Instrument } from './instrument.ts';
import { Path } from './path.ts';
import type { Hours } from './trading-hours.ts';

/** Spread next to the price, where the grid is fine enough to show it. */
const relativeSpread = {
  stocks: 0.00006,
  options: 0.01,
  crypto: 0.0001,
  forex: 0.00008,
  indices: 0,
  futures: 0.00002,
} as const;
/** Seconds until the spread of the open has calmed down, and how many times wider it begins. */
const calming = 600;
const openSpread = 5;
const extendedSpread = 4;

/** Prices of one symbol, in price steps. A second is sought, then any nanosecond within it can be asked for. */
export interface Prices {
  seek(second: number, hours: Hours): void;
  /** Between bid and ask, not rounded. */
  middle(offset: number): number;
  /** Best bid in whole steps, never below one; `slack` widens it by a few. */
  bid(offset: number, slack: number): number;
  /** Best ask in whole steps, always above the bid. */
  ask(offset: number, slack: number): number;
}

/** The course of a price that wanders by itself. */
export class Course implements Prices {
  readonly #instrument: Instrument;
  readonly #own: Path;
  readonly #market: Path;
  /** Where the tape begins, and the price is the one given. */
  readonly #origin: number;
  #first = 0;
  #gain = 0;
  #halfSpread = 0;

  constructor(instrument: Instrument, market: Path, beginning: number) {
    this.#instrument = instrument;
    this.#own = new Path(instrument.key);
    this.#market = market;
    this.#own.seek(beginning);
    market.seek(beginning);
    this.#origin = instrument.own * this.#own.value + instrument.common * market.value;
  }

  seek(second: number, hours: Hours): void {
    const { own, common, deviation, market, price, stepsPerUnit } = this.#instrument;
    this.#own.seek(second);
    this.#market.seek(second);
    const here = own * this.#own.value + common * this.#market.value - this.#origin;
    const there = own * this.#own.next + common * this.#market.next - this.#origin;
    const steps = price * stepsPerUnit;
    this.#first = steps * exponential(deviation * here);
    this.#gain = steps * exponential(deviation * there) - this.#first;
    this.#halfSpread = (this.#first * relativeSpread[market] * widening(second, hours, market)) / 2;
  }

  middle(offset: number): number {
    return this.#first + (this.#gain * offset) / 1e9;
  }

  bid(offset: number, slack: number): number {
    return Math.max(1, Math.floor(this.middle(offset) - this.#halfSpread) - slack);
  }

  ask(offset: number, slack: number): number {
    return Math.max(2, Math.floor(this.middle(offset) - this.#halfSpread) + 1, this.#upper(offset)) + slack;
  }

  #upper(offset: number): number {
    return Math.ceil(this.middle(offset) + this.#halfSpread);
  }
}

function widening(second: number, { open, close }: Hours, market: Instrument['market']): number {
  if (market !== 'stocks') return 1;
  if (second < open || second >= close) return extendedSpread;
  const unsettled = Math.max(0, 1 - (second - open) / calming);
  return 1 + (openSpread - 1) * unsettled * unsettled;
}

/** e^x from products alone, (1 + x/1024)^1024: the same to the last bit on every engine, which Math.exp does not promise. */
export function exponential(x: number): number {
  let power = 1 + x / 1024;
  for (let doubling = 0; doubling < 10; doubling++) power *= power;
  return power;
}
