import type { Bar, Market, Nanos } from '../../market/event.ts';
import { minute as oneMinute } from '../../market/nanos.ts';
import { first, range, replaces, volume } from '../../market/sale-conditions.ts';
import { unknownOfBar } from '../../market/unknown.ts';

/** A trade, or a price as it ticks, as far as a bar needs it. */
export interface Print {
  readonly at: Nanos;
  /** The vendor's id; empty where it has none. */
  readonly id: string;
  readonly price: number;
  readonly size: number;
  /** What its conditions let it do: bits of market/sale-conditions.ts. */
  readonly effect: number;
}

/** The prints of one minute of one symbol, and the bar that they make. */
export class Minute {
  readonly market: Market;
  readonly symbol: string;
  readonly start: Nanos;
  #prints: Print[] = [];
  #isInOrder = true;
  /** The bar that was told last, if one was. */
  told: Bar | undefined;
  /** When it changed first since then, by the market's time. */
  changedAt: Nanos | undefined;

  constructor(market: Market, symbol: string, start: Nanos) {
    this.market = market;
    this.symbol = symbol;
    this.start = start;
  }

  get end(): Nanos {
    return this.start + oneMinute;
  }

  get count(): number {
    return this.#prints.length;
  }

  add(print: Print): void {
    const last = this.#prints.at(-1);
    if (last !== undefined && print.at < last.at) this.#isInOrder = false;
    this.#prints.push(print);
  }

  /** Takes the print with that id out, if it is here. */
  remove(id: string): Print | undefined {
    const index = this.#prints.findIndex((print) => print.id === id);
    return index < 0 ? undefined : this.#prints.splice(index, 1)[0];
  }

  /**
   * The bar that the prints make in the order of their time, those of one instant in the order in which they came; `undefined` where they
   * make none. Each counts as far as its conditions let it: open and close, range, volume (alpaca.md §5.2).
   */
  bar(kind: 'bar' | 'updated-bar', at: Nanos): Bar | undefined {
    if (!this.#isInOrder) this.#prints = this.#prints.toSorted((one, other) => Number(one.at - other.at));
    this.#isInOrder = true;
    let [open, high, low, close] = [0, 0, 0, 0];
    let [shares, trades, money, priced] = [0, 0, 0, 0];
    for (const { price, size, effect } of this.#prints) {
      if ((effect & first) !== 0) {
        if (open === 0) open = price;
        if ((effect & replaces) !== 0 || close === 0) close = price;
      }
      if ((effect & range) !== 0) {
        if (price > high || high === 0) high = price;
        if (price < low || low === 0) low = price;
      }
      if ((effect & volume) === 0) continue;
      shares += size;
      trades++;
      if ((effect & range) === 0) continue;
      money += price * size;
      priced += size;
    }
    if (open === 0 || high === 0 || close === 0) return undefined;
    const { market, symbol, start } = this;
    const vwap = priced > 0 ? Number((money / priced).toFixed(6)) : close;
    return { kind, market, symbol, at, start, open, high, low, close, volume: shares, trades, vwap, ...unknownOfBar };
  }
}
