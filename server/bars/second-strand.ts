import type { Market, Nanos } from '../../market/event.ts';
import { second as secondNanos } from '../../market/nanos.ts';
import { dailyShift, range, volume } from './conditions.ts';
import type { SymbolDay, SymbolDays } from './symbol-days.ts';
import { average, Tally, type DayNumbers } from './tally.ts';

/** One second of one symbol, from what first happens in it until nothing can change its bar any more. */
export class Second {
  readonly strand: SecondStrand;
  readonly start: Nanos;
  readonly end: Nanos;
  /** When its bar leaves for the first time. */
  readonly due: Nanos;
  readonly day: SymbolDay | undefined;
  /** True while its bar is on the agenda. */
  awaited = false;
  readonly tally = new Tally();
  /** What of it counts for the average price of its day. */
  money = 0;
  shares = 0;

  constructor(strand: SecondStrand, start: Nanos, delay: Nanos, day: SymbolDay | undefined) {
    this.strand = strand;
    this.start = start;
    this.end = start + secondNanos;
    this.due = this.end + delay;
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
  /** True when its bars are made of quotes. */
  readonly ofQuotes: boolean;
  readonly days: SymbolDays;
  readonly #seconds: Second[] = [];

  constructor(market: Market, symbol: string, ofQuotes: boolean, days: SymbolDays) {
    this.market = market;
    this.symbol = symbol;
    this.ofQuotes = ofQuotes;
    this.days = days;
  }

  /** The second that holds this instant, if it is open. */
  find(instant: Nanos): Second | undefined {
    // What is looked for is mostly the newest.
    for (let index = this.#seconds.length - 1; index >= 0; index--) {
      const second = this.#seconds[index];
      if (second === undefined || instant >= second.end) return undefined;
      if (instant >= second.start) return second;
    }
    return undefined;
  }

  open(second: Second): void {
    let index = this.#seconds.length;
    while (index > 0 && (this.#seconds[index - 1]?.start ?? 0n) > second.start) index--;
    this.#seconds.splice(index, 0, second);
  }

  /** Forgets the oldest second. */
  close(): void {
    this.#seconds.shift();
  }

  /** The day up to the end of that second: what came in later seconds is taken off again. */
  dayUntil({ start, day }: Second): DayNumbers {
    if (day === undefined) return { volume: undefined, open: undefined, vwap: undefined };
    let { volume: total, money, shares } = day.tally;
    for (let index = this.#seconds.length - 1; index >= 0; index--) {
      const second = this.#seconds[index];
      if (second === undefined || second.start <= start) break;
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
