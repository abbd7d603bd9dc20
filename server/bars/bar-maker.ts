import { isBar, type Bar, type Nanos } from '../../market/event.ts';
import { minute as minuteNanos, second as secondNanos } from '../../market/nanos.ts';
import type { BarSchedule } from '../exchanges/exchange.ts';
import type { Deriver } from './deriver.ts';
import { Agenda, never } from './agenda.ts';
import { ByTicker } from './by-ticker.ts';
import { dailyShift } from '../../market/sale-conditions.ts';
import { DayBook, type DayRow, type MarketDay } from './day-book.ts';
import { Instrument, type Minute } from './instrument.ts';
import { Publication } from './publication.ts';
import { Tally } from './tally.ts';
import { quoteBeside, wholeBar, type Ticks } from './ticks.ts';
import { saysNoMoment } from './undated.ts';

export interface BarOptions {
  readonly schedule: BarSchedule;
  /** The exchange that publishes by this schedule. */
  readonly publisher: string;
  readonly seed: number;
}

/** A minute's bar, its change by a late trade, or a bar of the tape that was held back until its time. */
type Due =
  | { readonly kind: 'bar' | 'updated-bar'; readonly minute: Minute }
  | { readonly kind: 'recorded'; readonly instrument: Instrument; readonly bar: Bar };

/**
 * Makes the bars that follow from a tape's trades, quotes of currencies and values of indices, each at the moment its exchange would
 * publish it; what is still due when the tape ends follows at its end. Bars of the tape that do not say when they were published are
 * published likewise.
 *
 * What happened belongs to the minute of its participant time where that is known and not later than its SIP time, else of its SIP time.
 * Until a minute's bar is published such trades simply count; afterwards they are late: if one changes the bar, the bar is sent once more,
 * so long after it was (or, had it existed, would have been) published, with all that came late by then. By a schedule that has bars revised
 * it is sent so long after the trade, and again as often as others change it while it may be. Trades later still change only the day.
 * Corrections and cancels change no bar. A bar due at the instant of an event comes before it.
 */
export class BarMaker implements Deriver {
  readonly #options: BarOptions;
  readonly #updated: Nanos;
  readonly #isRevised: boolean;
  /** So long after its bar was published a minute still counts late trades. */
  readonly #open: Nanos;
  readonly #daily: Nanos;
  readonly #publication: Publication;
  readonly #book = new DayBook();
  readonly #instruments: ByTicker<Instrument>;
  readonly #agenda = new Agenda<Due>();
  /** Days whose daily bars are being sent. */
  #days: MarketDay[] = [];
  #dailyDue: Nanos = never;
  /** When something is due next, and the second in which that is. */
  #due: Nanos = never;
  #dueSecond = Infinity;
  #playedTo: Nanos = 0n;

  constructor(options: BarOptions) {
    const { schedule, seed } = options;
    this.#options = options;
    this.#updated = schedule.updated;
    this.#isRevised = schedule.revised !== undefined;
    this.#open = schedule.revised ?? schedule.updated;
    this.#daily = schedule.daily;
    this.#publication = new Publication(schedule.minute, seed);
    // Minutes a symbol remembers: as many as can still await their bar or its change, and the one under way.
    const depth = Number((schedule.minute.latest + this.#open + schedule.updated) / minuteNanos) + 3;
    this.#instruments = new ByTicker((ticker) => new Instrument(ticker, depth));
  }

  *take(ticks: Ticks): Generator<Bar, void, undefined> {
    for (let row = this.#pass(ticks, 0); row < ticks.length; row = this.#pass(ticks, row)) {
      yield* this.#publish(ticks.at(row));
    }
    if (ticks.tail >= this.#due) yield* this.#publish(ticks.tail);
    this.#playedTo = ticks.page.at(-1)?.at ?? this.#playedTo;
  }

  /** Everything still due, and the day once more. */
  *end(): Generator<Bar, void, undefined> {
    const mark = (this.#playedTo / minuteNanos + 1n) * minuteNanos;
    const last = this.#agenda.last ?? mark;
    yield* this.#publish(last);
    if (this.#dailyDue - this.#daily <= (last > mark ? last : mark)) yield* this.#publish(this.#dailyDue);
  }

  /** Counts rows, from one of them on, until something is due before the next; returns which. */
  #pass(ticks: Ticks, from: number): number {
    let row = from;
    for (; row < ticks.length; row++) {
      const second = ticks.seconds[row] ?? 0;
      if (second >= this.#dueSecond && ticks.at(row) >= this.#due) break;
      const effect = ticks.effects[row] ?? quoteBeside;
      if (effect >= quoteBeside) {
        if (effect === wholeBar) this.#takeBar(ticks, row);
        continue;
      }
      const instrument = this.#instruments.of(ticks, row);
      const [origin, price, size] = [ticks.origins[row] ?? 0, ticks.prices[row] ?? 0, ticks.sizes[row] ?? 0];
      const { latest } = instrument;
      if (origin < latest.from || second >= latest.until) {
        this.#count(instrument, ticks.at(row), origin, price, size, effect);
        continue;
      }
      // Most that comes belongs to the minute under way.
      latest.tally.add(price, size, effect);
      instrument.day?.tally.add(price, size, effect >> dailyShift);
    }
    return row;
  }

  #count(instrument: Instrument, at: Nanos, origin: number, price: number, size: number, effect: number): void {
    const { latest } = instrument;
    const known = origin >= latest.from && origin < latest.until;
    const minute = known ? latest : this.#minuteOf(instrument, origin, at);
    if (minute !== undefined && at < minute.due) minute.tally.add(price, size, effect);
    else if (minute !== undefined) this.#countLate(minute, at, price, size, effect);
    const row = instrument.day;
    if (row !== undefined && (known || startOf(origin) >= row.day.start)) {
      row.tally.add(price, size, effect >> dailyShift);
    }
  }

  #countLate(minute: Minute, at: Nanos, price: number, size: number, effect: number): void {
    if (minute.due + this.#open <= at) return;
    const before = minute.tally.face;
    minute.tally.add(price, size, effect);
    if (minute.changed || minute.tally.face === before) return;
    minute.changed = true;
    const { recorded } = minute.instrument;
    const derived = !recorded.has('updated-bar') && !recorded.has('bar');
    const due = (this.#isRevised ? at : minute.due) + this.#updated;
    if (derived) this.#schedule(due, { kind: 'updated-bar', minute });
  }

  /** The minute that holds this second; `undefined` when nothing changes its bar any more. */
  #minuteOf(instrument: Instrument, origin: number, at: Nanos): Minute | undefined {
    instrument.traded = true;
    this.#joinDay(instrument, startOf(origin), at);
    const number = Math.floor(origin / 60);
    const minute = instrument.minute(number);
    if (minute.number > number) return undefined;
    if (minute.number < number) {
      const delay = this.#publication.delay(instrument.fingerprint, number);
      if (BigInt(number + 1) * minuteNanos + delay + this.#open <= at) return undefined;
      minute.begin(number, delay);
      if (number > instrument.latest.number) instrument.latest = minute;
      if (at < minute.due && !instrument.recorded.has('bar')) this.#schedule(minute.due, { kind: 'bar', minute });
    }
    return minute;
  }

  #joinDay(instrument: Instrument, instant: Nanos, at: Nanos): DayRow | undefined {
    const found = this.#book.dayOf(instrument.market, instant);
    if (found === undefined) return undefined;
    const { day, isNew } = found;
    if (instrument.day?.day === day) return instrument.day;
    instrument.day = { symbol: instrument.symbol, day, tally: new Tally() };
    if (!instrument.recorded.has('daily-bar')) day.rows.push(instrument.day);
    if (isNew) {
      this.#days.push(day);
      if (this.#dailyDue === never) {
        this.#dailyDue = ((at - this.#daily) / minuteNanos + 1n) * minuteNanos + this.#daily;
        if (this.#dailyDue < this.#due) this.#expect(this.#dailyDue);
      }
    }
    return instrument.day;
  }

  #schedule(at: Nanos, due: Due): void {
    this.#agenda.add(at, due);
    if (at < this.#due) this.#expect(at);
  }

  /** Something is due next then. */
  #expect(at: Nanos): void {
    this.#due = at;
    this.#dueSecond = Number(at / secondNanos);
  }

  /** Puts out everything due until then, oldest first; of the same instant, the minute before the day. */
  *#publish(until: Nanos): Generator<Bar, void, undefined> {
    for (;;) {
      const { next } = this.#agenda;
      const at = next <= this.#dailyDue ? next : this.#dailyDue;
      this.#expect(at);
      if (at > until) return;
      if (next > this.#dailyDue) yield* this.#publishDays();
      else for (const due of this.#agenda.take()?.items ?? []) yield* this.#publishDue(at, due);
    }
  }

  *#publishDue(at: Nanos, due: Due): Generator<Bar, void, undefined> {
    if (due.kind === 'recorded') {
      yield due.bar;
      if (due.bar.kind === 'bar') this.#foldIntoDay(due.instrument, due.bar);
      return;
    }
    if (this.#isRevised) due.minute.changed = false;
    const { instrument, start, tally } = due.minute;
    if (!tally.completeIn(instrument.market)) return;
    const { market, symbol } = instrument;
    const { publisher } = this.#options;
    const day = instrument.dayUntil(due.minute);
    yield tally.bar({ kind: due.kind, market, symbol, start, at, day, publisher });
  }

  *#publishDays(): Generator<Bar, void, undefined> {
    const { publisher } = this.#options;
    const at = this.#dailyDue;
    const mark = at - this.#daily;
    for (const { market, start, firstMark, rows } of this.#days) {
      if (mark < firstMark) continue;
      for (const { symbol, tally } of rows) {
        if (!tally.completeIn(market)) continue;
        yield tally.bar({ kind: 'daily-bar', market, symbol, start, at, day: tally.soFar, publisher });
      }
    }
    this.#days = this.#days.filter(({ lastMark }) => lastMark > mark);
    this.#dailyDue = this.#days.length === 0 ? never : at + minuteNanos;
  }

  #takeBar(ticks: Ticks, row: number): void {
    const bar = ticks.event(row);
    if (bar === undefined || !isBar(bar)) return;
    const instrument = this.#instruments.of(ticks, row);
    if (saysNoMoment(bar)) this.#hold(instrument, bar);
    else if (bar.kind === 'bar') this.#foldIntoDay(instrument, bar);
  }

  /** Keeps a recorded bar back that carries its bucket's start or end as its time, until it would have been published. */
  #hold(instrument: Instrument, bar: Bar): void {
    const at = this.#publishedAt(instrument, bar);
    this.#schedule(at, { kind: 'recorded', instrument, bar: { ...bar, at, publisher: this.#options.publisher } });
  }

  #publishedAt({ fingerprint }: Instrument, { kind, market, start }: Bar): Nanos {
    if (kind === 'daily-bar') return this.#book.endOf(market, start);
    if (kind === 'second-bar') return start + secondNanos + (this.#options.schedule.second?.delay ?? 0n);
    return start + minuteNanos + this.#publication.delay(fingerprint, Number(start / minuteNanos));
  }

  /** A tape of bars without trades still has a day so far. */
  #foldIntoDay(instrument: Instrument, bar: Bar): void {
    if (instrument.traded) return;
    const row = this.#joinDay(instrument, bar.start, bar.at);
    row?.tally.fold(bar, this.#book.prices(bar.market, bar.start));
  }
}

const startOf = (second: number): Nanos => BigInt(second) * secondNanos;
