import { exponential, type Prices } from './course.ts';
import type { Instrument, Written } from './instrument.ts';
import type { Hours } from './trading-hours.ts';

/** Half the spread next to the price, and never less than one step. */
const relativeSpread = 0.01;
/** Deviations beyond which the bell curve is flat enough. */
const farthest = 5;
const bellHeight = 0.3989422804014327;

/** The course of an option's price: what its stock's price, the time left and the stock's volatility make it worth. */
export class OptionCourse implements Prices {
  readonly #contract: Written;
  readonly #stock: Prices;
  readonly #stepsPerUnit: number;
  /** How far the stock may go until the contract ends: the deviation of its price. */
  #room = 0;

  constructor({ stepsPerUnit }: Instrument, contract: Written, stock: Prices) {
    this.#contract = contract;
    this.#stock = stock;
    this.#stepsPerUnit = stepsPerUnit;
  }

  seek(second: number, hours: Hours): void {
    const { underlying, expiry } = this.#contract;
    this.#stock.seek(second, hours);
    this.#room = underlying.price * underlying.deviation * Math.sqrt(Math.max(1, expiry - second));
  }

  /** Value by Bachelier's formula, in price steps. */
  middle(offset: number): number {
    const { underlying, strike, isCall } = this.#contract;
    const gain = this.#stock.middle(offset) / underlying.stepsPerUnit - strike;
    const distance = Math.max(-farthest, Math.min(farthest, gain / this.#room));
    const bell = bellHeight * exponential((-distance * distance) / 2);
    const call = gain * below(distance, bell) + this.#room * bell;
    return Math.max(0, isCall ? call : call - gain) * this.#stepsPerUnit;
  }

  bid(offset: number, slack: number): number {
    const middle = this.middle(offset);
    return Math.max(1, Math.floor(middle - middle * relativeSpread) - slack);
  }

  ask(offset: number, slack: number): number {
    const middle = this.middle(offset);
    return (
      Math.max(Math.floor(middle - middle * relativeSpread) + 1, Math.ceil(middle * (1 + relativeSpread)), 2) + slack
    );
  }
}

/** The normal distribution below a distance (Abramowitz and Stegun 26.2.17): sums and products only, the same on every engine. */
function below(distance: number, bell: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(distance));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return distance >= 0 ? 1 - bell * series : bell * series;
}
