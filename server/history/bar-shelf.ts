import type { Bar, Market, Nanos } from '../../market/event.ts';
import { isBar } from '../../market/event.ts';
import { hour } from '../../market/nanos.ts';
import { DayBook } from '../bars/day-book.ts';
import type { Timeline } from '../timeline.ts';

/** Bars that are kept, over all symbols and days; the days asked for longest ago go first. */
const keptBars = 200_000;
/** After the end of a day its last bars may still be published. */
const aftermath: Nanos = hour;

/** The days of one symbol, each with its bars in the order of their publication. */
export class BarShelf {
  readonly #timeline: Timeline;
  readonly #publisher: string;
  readonly #book = new DayBook();
  /** In the order of their last use. */
  readonly #days = new Map<string, readonly Bar[]>();
  #kept = 0;

  /** Of the bars that are made of trades, those of one publisher. */
  constructor(timeline: Timeline, publisher: string) {
    this.#timeline = timeline;
    this.#publisher = publisher;
  }

  /** Starts of the days that touch a part of the tape, oldest first. */
  *days(market: Market, from: Nanos, to: Nanos): Generator<Nanos, void, undefined> {
    const last = to < this.#timeline.to ? to : this.#timeline.to;
    let start = this.#book.startOf(market, from > this.#timeline.from ? from : this.#timeline.from);
    for (; start <= last; start = this.#book.endOf(market, start)) yield start;
  }

  /** Minute bars with their changes, and the day so far whenever it changed. Published later than what has been played, too. */
  async day(market: Market, symbol: string, start: Nanos, signal: AbortSignal): Promise<readonly Bar[]> {
    const key = `${market} ${symbol} ${start}`;
    const known = this.#days.get(key) ?? (await this.#read(market, symbol, start, signal));
    // Not when the reading was given up: half a day is no day.
    if (!signal.aborted) this.#keep(key, known);
    return known;
  }

  async #read(market: Market, symbol: string, start: Nanos, signal: AbortSignal): Promise<readonly Bar[]> {
    const end = this.#book.endOf(market, start);
    const part = { symbols: [symbol], from: start, to: end + aftermath };
    const bars: Bar[] = [];
    let latest: Bar | undefined;
    for await (const page of this.#timeline.part({ ...part, channels: undefined }, this.#publisher, signal)) {
      for (const event of page) {
        if (!isBar(event) || event.market !== market || event.start < start || event.start >= end) continue;
        if (event.kind === 'daily-bar') {
          if (latest !== undefined && sameDay(latest, event)) continue;
          latest = event;
        }
        bars.push(event);
      }
    }
    return bars;
  }

  #keep(key: string, bars: readonly Bar[]): void {
    this.#kept += bars.length - (this.#days.get(key)?.length ?? 0);
    this.#days.delete(key);
    this.#days.set(key, bars);
    for (const [oldest, { length }] of this.#days) {
      if (this.#kept <= keptBars || oldest === key) break;
      this.#days.delete(oldest);
      this.#kept -= length;
    }
  }
}

/** A day in which nothing happened since says the same again every minute. */
function sameDay(one: Bar, other: Bar): boolean {
  return one.volume === other.volume && one.trades === other.trades && one.close === other.close;
}
