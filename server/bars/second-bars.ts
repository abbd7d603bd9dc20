import type { Bar, Channel, Market, MarketEvent, Nanos } from '../../market/event.ts';
import { floorTo, second as secondNanos } from '../../market/nanos.ts';
import type { BarSchedule } from '../exchanges/exchange.ts';
import type { Page } from '../sources/source.ts';
import { Agenda, never } from './agenda.ts';
import { BySymbol } from './by-symbol.ts';
import { dailyShift, effectOf, unmeasured, unruled } from './conditions.ts';
import { DayBook } from './day-book.ts';
import type { Deriver } from './deriver.ts';
import { madeOfQuotes, middleOf } from './middle.ts';
import { Second, SecondStrand } from './second-strand.ts';
import { stampOf } from './stamp.ts';
import { SymbolDays, type SymbolDay } from './symbol-days.ts';

export interface SecondBarOptions {
  readonly schedule: NonNullable<BarSchedule['second']>;
  /** The exchange that publishes by this schedule. */
  readonly publisher: string;
  /** Kinds of events the tapes hold of a symbol; where second bars are among them, none are made. */
  recorded(market: Market, symbol: string): ReadonlySet<Channel>;
}

/**
 * Makes the bars of seconds: of trades by the rules of their conditions, in forex of quotes (a bar's volume is the number of quotes, its
 * prices are halfway between bid and ask), in indices of values. A second in which nothing sets a price has no bar.
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
  readonly #book = new DayBook();
  readonly #strands: BySymbol<SecondStrand | undefined>;
  readonly #bars = new Agenda<Second>();
  readonly #closing = new Agenda<Second>();
  #due: Nanos = never;

  constructor(options: SecondBarOptions) {
    this.#options = options;
    this.#strands = new BySymbol((market, symbol) => {
      const recorded = options.recorded(market, symbol);
      if (recorded.has('second-bar')) return undefined;
      return new SecondStrand(market, symbol, madeOfQuotes(market, recorded), new SymbolDays(market, this.#book));
    });
  }

  *take(page: Page): Generator<Bar, void, undefined> {
    for (const event of page) {
      if (event.at >= this.#due) yield* this.#publish(event.at);
      this.#count(event);
    }
  }

  *end(): Generator<Bar, void, undefined> {
    yield* this.#publish(this.#bars.last ?? 0n);
  }

  #count(event: MarketEvent): void {
    const { kind, market } = event;
    if (kind !== 'trade' && kind !== 'value' && (kind !== 'quote' || market !== 'forex')) return;
    const strand = this.#strands.of(market, event.symbol);
    if (strand === undefined) return;
    if (kind === 'value') return this.#add(strand, event.at, event.at, event.value, 0, unmeasured);
    if ((kind === 'quote') !== strand.ofQuotes) return;
    if (kind === 'trade') {
      this.#add(strand, event.at, stampOf(event), event.price, event.size, effectOf(event));
      return;
    }
    const middle = middleOf(event);
    if (middle !== 0) this.#add(strand, event.at, stampOf(event), middle, 1, unruled);
  }

  #add(strand: SecondStrand, at: Nanos, stamp: Nanos, price: number, size: number, effect: number): void {
    const day = strand.days.at(stamp);
    day?.tally.add(price, size, effect >> dailyShift);
    const second = strand.find(stamp) ?? this.#open(strand, stamp, at, day);
    if (second === undefined) return;
    if (at < second.due) return second.add(price, size, effect);
    if (at >= second.due + this.#options.schedule.revised) return;
    const before = second.tally.face;
    second.add(price, size, effect);
    if (!second.awaited && second.tally.face !== before) this.#await(second, floorTo(at, secondNanos) + secondNanos);
  }

  /** Opens the second of that stamp; `undefined` when even its revision is past. */
  #open(strand: SecondStrand, stamp: Nanos, at: Nanos, day: SymbolDay | undefined): Second | undefined {
    const { delay, revised } = this.#options.schedule;
    const second = new Second(strand, floorTo(stamp, secondNanos), delay, day);
    if (second.due + revised <= at) return undefined;
    strand.open(second);
    // It is remembered until the last revision that it, or one before it, may still have has left.
    const closes = second.due + revised + secondNanos + delay;
    this.#closing.add(closes, second);
    if (closes < this.#due) this.#due = closes;
    if (at < second.due) this.#await(second, second.end);
    return second;
  }

  /** Has the bar sent with those of the second that ends there. */
  #await(second: Second, end: Nanos): void {
    second.awaited = true;
    const at = end + this.#options.schedule.delay;
    this.#bars.add(at, second);
    if (at < this.#due) this.#due = at;
  }

  *#publish(until: Nanos): Generator<Bar, void, undefined> {
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
    this.#due = this.#bars.next < this.#closing.next ? this.#bars.next : this.#closing.next;
  }

  #barOf(second: Second, at: Nanos): Bar {
    const { strand, start, tally } = second;
    const { market, symbol } = strand;
    return tally.bar({
      kind: 'second-bar',
      market,
      symbol,
      start,
      at,
      day: strand.dayUntil(second),
      publisher: this.#options.publisher,
    });
  }
}
