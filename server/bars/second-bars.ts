import type { Bar, Nanos } from '../../market/event.ts';
import { floorTo, second as secondNanos } from '../../market/nanos.ts';
import type { BarSchedule } from '../exchanges/exchange.ts';
import { Agenda, never } from './agenda.ts';
import { ByTicker } from './by-ticker.ts';
import { dailyShift } from '../../market/sale-conditions.ts';
import { DayBook } from './day-book.ts';
import type { Deriver } from './deriver.ts';
import { Second, SecondStrand } from './second-strand.ts';
import { SymbolDays, type SymbolDay } from './symbol-days.ts';
import { quoteBeside, type Ticks } from './ticks.ts';

export interface SecondBarOptions {
  readonly schedule: NonNullable<BarSchedule['second']>;
  /** The exchange that publishes by this schedule. */
  readonly publisher: string;
}

/**
 * Makes the bars of seconds: of trades by the rules of their conditions, in forex of quotes (a bar's volume is the number of quotes, its
 * prices are halfway between bid and ask), in indices of values. A second in which nothing sets a price has no bar, nor has one of a symbol
 * whose second bars the tape holds.
 *
 * What happened belongs to the second of its participant time where that is known and not later than its own time, else to that of its own
 * time. Until a second's bar leaves, it simply counts; afterwards it is late: if it changes the bar, the bar is sent once more, with the
 * bars of the second in which it came late. Later still than the bar may be revised it changes only the day. The day's open is as known
 * when a bar leaves; the day's volume and average price are those up to the end of the bar's second, with what came too late for any bar.
 * Nothing is remembered of a second that is past its revision, so memory is bounded by the symbols and the seconds in which they can still
 * change.
 */
export class SecondBars implements Deriver {
  readonly #options: SecondBarOptions;
  readonly #strands: ByTicker<SecondStrand>;
  readonly #bars = new Agenda<Second>();
  readonly #closing = new Agenda<Second>();
  /** When something is due next, and the second in which that is. */
  #due: Nanos = never;
  #dueSecond = Infinity;

  constructor(options: SecondBarOptions) {
    this.#options = options;
    const book = new DayBook();
    this.#strands = new ByTicker((ticker) => new SecondStrand(ticker, new SymbolDays(ticker.market, book)));
  }

  *take(ticks: Ticks): Generator<Bar, void, undefined> {
    for (let row = this.#pass(ticks, 0); row < ticks.length; row = this.#pass(ticks, row)) {
      yield* this.#publish(ticks.at(row));
    }
    yield* this.#publish(ticks.tail);
  }

  *end(): Generator<Bar, void, undefined> {
    yield* this.#publish(this.#bars.last ?? 0n);
  }

  /** Counts rows, from one of them on, until something is due before the next; returns which. */
  #pass(ticks: Ticks, from: number): number {
    let row = from;
    for (; row < ticks.length; row++) {
      const second = ticks.seconds[row] ?? 0;
      if (second >= this.#dueSecond && ticks.at(row) >= this.#due) break;
      const effect = ticks.effects[row] ?? quoteBeside;
      if (effect >= quoteBeside) continue;
      const strand = this.#strands.of(ticks, row);
      if (strand.recorded) continue;
      const [origin, price, size] = [ticks.origins[row] ?? 0, ticks.prices[row] ?? 0, ticks.sizes[row] ?? 0];
      const { latest } = strand;
      if (latest === undefined || origin !== latest.number || second !== origin) {
        this.#add(strand, ticks.at(row), origin, price, size, effect);
        continue;
      }
      // Most that comes belongs to the second under way.
      latest.day?.tally.add(price, size, effect >> dailyShift);
      latest.add(price, size, effect);
    }
    return row;
  }

  #add(strand: SecondStrand, at: Nanos, origin: number, price: number, size: number, effect: number): void {
    const day = strand.days.at(origin);
    day?.tally.add(price, size, effect >> dailyShift);
    const second = strand.find(origin) ?? this.#open(strand, origin, at, day);
    if (second === undefined) return;
    const due = this.#dueOf(origin);
    if (at < due) return second.add(price, size, effect);
    if (at >= due + this.#options.schedule.revised) return;
    const before = second.tally.face;
    second.add(price, size, effect);
    if (!second.awaited && second.tally.face !== before) this.#await(second, floorTo(at, secondNanos) + secondNanos);
  }

  /** Opens a second; `undefined` when even its revision is past. */
  #open(strand: SecondStrand, number: number, at: Nanos, day: SymbolDay | undefined): Second | undefined {
    const { delay, revised } = this.#options.schedule;
    const due = this.#dueOf(number);
    if (due + revised <= at) return undefined;
    const second = new Second(strand, number, day);
    strand.open(second);
    // It is remembered until the last revision that it, or one before it, may still have has left.
    this.#closing.add(due + revised + secondNanos + delay, second);
    if (at < due) this.#await(second, startOf(number + 1));
    this.#look();
    return second;
  }

  /** When the bar of a second leaves for the first time. */
  #dueOf(number: number): Nanos {
    return startOf(number + 1) + this.#options.schedule.delay;
  }

  /** Has the bar sent with those of the second that ends there. */
  #await(second: Second, end: Nanos): void {
    second.awaited = true;
    this.#bars.add(end + this.#options.schedule.delay, second);
    this.#look();
  }

  /** Looks up when something is due next. */
  #look(): void {
    this.#due = this.#bars.next < this.#closing.next ? this.#bars.next : this.#closing.next;
    this.#dueSecond = Number(this.#due / secondNanos);
  }

  *#publish(until: Nanos): Generator<Bar, void, undefined> {
    if (until < this.#due) return;
    while (this.#bars.next <= until || this.#closing.next <= until) {
      if (this.#closing.next < this.#bars.next) {
        for (const { strand } of this.#closing.take()?.items ?? []) strand.close();
        continue;
      }
      const burst = this.#bars.take();
      for (const second of burst?.items ?? []) {
        second.awaited = false;
        if (second.tally.completeIn(second.strand.market)) yield this.#barOf(second, burst?.at ?? until);
      }
    }
    this.#look();
  }

  #barOf(second: Second, at: Nanos): Bar {
    const { strand, number, tally } = second;
    const { market, symbol } = strand;
    return tally.bar({
      kind: 'second-bar',
      market,
      symbol,
      start: startOf(number),
      at,
      day: strand.dayUntil(second),
      publisher: this.#options.publisher,
    });
  }
}

const startOf = (second: number): Nanos => BigInt(second) * secondNanos;
