import type { Market } from '../../market/event.ts';
import { dailyShift, range, volume } from '../../market/sale-conditions.ts';
import type { SymbolDay, SymbolDays } from './symbol-days.ts';
import { average, Tally, type DayNumbers } from './tally.ts';
import type { Ticker } from './ticks.ts';

/** One second of one symbol, from what first happens in it until nothing can change its bar any more. */
export class Second {
  readonly strand: SecondStrand;
  /** Which it is, since 1970. */
  readonly number: number;
  readonly day: SymbolDay | undefined;
  /** True while its bar is on the agenda. */
  awaited = false;
  readonly tally = new Tally();
  /** What of it counts for the average price of its day. */
  money = 0;
  shares = 0;

  constructor(strand: SecondStrand, number: number, day: SymbolDay | undefined) {
    this.strand = strand;
    this.number = number;
    this.day = day;
  }

  add(price: number, size: number, effect: number): void {
    this.tally.add(price, size, effect);
    const daily = effect >> dailyShift;
    if ((daily & range) === 0 || (daily & volume) === 0) return;
    this.money += price * size;
    this.shares += size;
  }
}

/** The seconds of one symbol that may still change, oldest first, and its day. */
export class SecondStrand {
  readonly market: Market;
  readonly symbol: string;
  /** True when the tape holds bars of its seconds. */
  readonly recorded: boolean;
  readonly days: SymbolDays;
  readonly #seconds: Second[] = [];
  /** The newest of them. */
  latest: Second | undefined;

  constructor({ market, symbol, recorded }: Ticker, days: SymbolDays) {
    this.market = market;
    this.symbol = symbol;
    this.recorded = recorded.has('second-bar');
    this.days = days;
  }

  /** The second of that number, if it is open. */
  find(number: number): Second | undefined {
    // What is looked for is mostly the newest.
    for (let index = this.#seconds.length - 1; index >= 0; index--) {
      const second = this.#seconds[index];
      if (second === undefined || number > second.number) return undefined;
      if (number === second.number) return second;
    }
    return undefined;
  }

  open(second: Second): void {
    let index = this.#seconds.length;
    while (index > 0 && (this.#seconds[index - 1]?.number ?? 0) > second.number) index--;
    this.#seconds.splice(index, 0, second);
    this.latest = this.#seconds.at(-1);
  }

  /** Forgets the oldest second. */
  close(): void {
    this.#seconds.shift();
    this.latest = this.#seconds.at(-1);
  }

  /** The day up to the end of that second: what came in later seconds is taken off again. */
  dayUntil({ number, day }: Second): DayNumbers {
    if (day === undefined) return { volume: undefined, open: undefined, vwap: undefined };
    let { volume: total, money, shares } = day.tally;
    for (let index = this.#seconds.length - 1; index >= 0; index--) {
      const second = this.#seconds[index];
      if (second === undefined || second.number <= number) break;
      if (second.day !== day) continue;
      total -= second.tally.volume;
      money -= second.money;
      shares -= second.shares;
    }
    const { open } = day.tally;
    return {
      volume: total,
      open: open === 0 ? undefined : open,
      vwap: shares > 0 ? average(money / shares) : undefined,
    };
  }
}
