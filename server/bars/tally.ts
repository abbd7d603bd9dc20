import type { Bar, BarKind, Market, Nanos } from '../../market/event.ts';
import { first, range, replaces, volume } from '../../market/sale-conditions.ts';

/** What a bar says about when and of what it is, beside its numbers. */
export interface BarLabel {
  readonly kind: BarKind;
  readonly market: Market;
  readonly symbol: string;
  readonly start: Nanos;
  readonly at: Nanos;
  readonly day: DayNumbers;
  readonly publisher: string;
}

/** What a bar says of its day so far; undefined where no day holds the bar or nothing has set it yet. */
export interface DayNumbers {
  readonly volume: number | undefined;
  readonly open: number | undefined;
  readonly vwap: number | undefined;
}

/** The numbers of one bar while its trades come in. Zero means: nothing yet. */
export class Tally {
  open = 0;
  high = 0;
  low = 0;
  close = 0;
  volume = 0;
  trades = 0;
  /** Money and shares of the trades that count for the average price: those that may set high and low, and count as volume. */
  money = 0;
  shares = 0;

  clear(): void {
    this.open = this.high = this.low = this.close = 0;
    this.volume = this.trades = this.money = this.shares = 0;
  }

  /** Counts one trade as far as its conditions let it (sheet §5.2). */
  add(price: number, size: number, effect: number): void {
    if ((effect & first) !== 0) {
      if (this.open === 0) this.open = price;
      if ((effect & replaces) !== 0 || this.close === 0) this.close = price;
    }
    if ((effect & range) !== 0) {
      if (price > this.high || this.high === 0) this.high = price;
      if (price < this.low || this.low === 0) this.low = price;
      if ((effect & volume) !== 0) {
        this.money += price * size;
        this.shares += size;
      }
    }
    if ((effect & volume) !== 0) {
      this.volume += size;
      this.trades++;
    }
  }

  /** Counts a whole bar; `priced` is false when only its volume counts. */
  fold(bar: Bar, priced: boolean): void {
    this.volume += bar.volume;
    this.trades += bar.trades;
    if (!priced) return;
    if (this.open === 0) this.open = bar.open;
    if (bar.high > this.high || this.high === 0) this.high = bar.high;
    if (bar.low < this.low || this.low === 0) this.low = bar.low;
    this.close = bar.close;
    this.money += bar.vwap * bar.volume;
    this.shares += bar.volume;
  }

  /** A bar exists only when open, high, low, close and volume all do (sheet §5.2); of an index, which has no volume, without it. */
  completeIn(market: Market): boolean {
    if (this.open === 0 || this.high === 0 || this.low === 0 || this.close === 0) return false;
    return this.volume !== 0 || market === 'indices';
  }

  /** Everything a client can see of it, to tell whether a late trade changed anything. */
  get face(): string {
    return `${this.open} ${this.high} ${this.low} ${this.close} ${this.volume} ${this.trades} ${this.money}`;
  }

  /** The day so far, when these are the numbers of a day. */
  get soFar(): DayNumbers {
    return {
      volume: this.volume,
      open: this.open === 0 ? undefined : this.open,
      vwap: this.shares > 0 ? average(this.money / this.shares) : undefined,
    };
  }

  bar(label: BarLabel): Bar {
    return {
      kind: label.kind,
      market: label.market,
      symbol: label.symbol,
      at: label.at,
      start: label.start,
      open: this.open,
      high: this.high,
      low: this.low,
      close: this.close,
      volume: exact(this.volume),
      trades: this.trades,
      vwap: this.shares === 0 ? this.close : average(this.money / this.shares),
      dayVolume: label.day.volume === undefined ? undefined : exact(label.day.volume),
      dayOpen: label.day.open,
      dayVwap: label.day.vwap,
      averageSize: this.trades === 0 ? undefined : Math.round(this.volume / this.trades),
      turnover: label.market === 'futures' ? exact(this.money) : undefined,
      otc: undefined,
      publisher: label.publisher,
    };
  }
}

/** Removes what adding fractions of a coin leaves behind: 0.1 + 0.2 is 0.3. */
export function exact(amount: number): number {
  return Number.isInteger(amount) ? amount : Math.round(amount * 1e9) / 1e9;
}

/** Six decimals as on Alpaca's wire (measured LIVE §7.2); more for coins worth less than a dollar. */
export function average(price: number): number {
  const scale = price < 1 ? 1e10 : 1e6;
  return Math.round(price * scale) / scale;
}
