import type { Calendar } from '../../market/calendar.ts';
import type { Cancel, Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import { milli, minute } from '../../market/nanos.ts';
import type { Deck } from '../deck.ts';
import { type Appointment, Appointments, type Due } from './appointments.ts';
import { nextMoment } from './market-moments.ts';
import type { Leg } from '../deck/itinerary.ts';
import type { Emission } from '../deck/reel.ts';
import type { MarketMoment } from '../scenario/market-moment.ts';
import { nextWindow, thisWindow } from '../deck/window.ts';

/** A place of the tape: tape time, and the market's time there. */
export interface TapePlace {
  readonly tape: Nanos;
  readonly market: Nanos;
}

/** A tape seldom begins at the very instant of the bell. */
const grace: Nanos = minute;

/**
 * Does what is to be done at places of the tape: before the frame that holds the first event that is not earlier, whatever the speed, so
 * that it comes between the same two frames every time and cuts none in two; and when no event comes by then, at that time. Tape time goes
 * on after the end of the tape.
 */
export class Agenda implements Disposable {
  readonly #clock: Clock;
  readonly #deck: Deck;
  readonly #calendar: Calendar;
  readonly #window: Nanos;
  readonly #pending = new Appointments();
  #timer: Cancel | undefined;
  /** The leg of the tape for which the appointments of moments were reckoned. */
  #leg: Leg | undefined;
  /** The place of the tape at which something is being done, or heard. */
  #here: TapePlace | undefined;
  #over: { readonly wall: Nanos; readonly tape: Nanos } | undefined;
  /** Tape time of the last event before what is due, and of the last of the emission under way, after which this number comes. */
  #passed: Nanos = 0n;
  #end: Nanos = 0n;
  #next = 0;
  /** What is to be done when the tape begins to play; it has begun when there is no such list. */
  #starts: (() => void)[] | undefined = [];
  /** Something was added while something else was under way. */
  #stale = false;
  #closed = false;

  /** `window`: events of one share a frame. */
  constructor(deck: Deck, clock: Clock, calendar: Calendar, window: Nanos) {
    this.#deck = deck;
    this.#clock = clock;
    this.#calendar = calendar;
    this.#window = window;
  }

  /** Tape time: of what is being done, else as the deck has it. */
  get tape(): Nanos {
    if (this.#here !== undefined) return this.#here.tape;
    if (this.#deck.phase !== 'ended' || this.#over === undefined) return this.#deck.elapsed;
    return this.#over.tape + this.#tapeSpan(this.#clock.now() - this.#over.wall);
  }

  /** The market's time there. */
  get market(): Nanos | undefined {
    return this.#here?.market ?? this.#deck.position;
  }

  /** Wall time of a span of tape time, at the deck's speed, also before it plays; as it is at max. */
  wall(span: Nanos): Nanos {
    const { speed } = this.#deck;
    return speed === 'max' ? span : (span * 1000n) / BigInt(Math.round(speed * 1000));
  }

  /** Acts once, at that tape time. */
  at(tape: Nanos, act: () => void): Cancel {
    return this.#add({ tape, moment: undefined, next: undefined, act });
  }

  /** Acts when the tape begins to play, or at once when it has. */
  started(act: () => void): void {
    if (this.#starts === undefined) act();
    else this.#starts.push(act);
  }

  /** Acts each time that moment of the market comes. */
  each(moment: MarketMoment, act: () => void): Cancel {
    const from = this.market;
    const next = from === undefined ? undefined : nextMoment(moment, from + 1n, this.#calendar);
    return this.#add({ tape: undefined, moment, next, act });
  }

  /**
   * Does what is due before the first frame of an emission. Returns the position on its page up to which nothing else is due; what is due
   * then must be done before the rest is sent, by another call.
   */
  reach({ page, from, to, origin, sequence }: Emission): number {
    const [first, last] = [page[from], page[to - 1]];
    this.#begin();
    const leg = this.#deck.progress.legs.at(-1);
    if (first === undefined || last === undefined) return to;
    const moved = leg !== this.#leg;
    if (moved) this.#pending.reckon(first.at - (this.#leg === undefined ? grace : 0n), this.#calendar);
    this.#leg = leg;
    const before = page[from - 1];
    if (sequence === this.#next || before === undefined) this.#passed = this.#end;
    else this.#passed = before.at - origin;
    [this.#next, this.#end] = [sequence + to - from, last.at - origin];
    if (this.#pending.isEmpty) return to;
    const second = nextWindow(page, from, to, this.#window);
    if (this.#actUntil(page[second - 1]?.at ?? first.at, origin) || moved) this.rearm();
    const next = this.#first(origin)?.at;
    if (next === undefined || next > last.at) return to;
    let [low, high] = [second, to];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((page[middle]?.at ?? next) < next) low = middle + 1;
      else high = middle;
    }
    return thisWindow(page, low, second, this.#window);
  }

  /** Whether something has come up that is due before the first frame of what is left of an emission. */
  isDue({ page, from, to, origin }: Emission): boolean {
    const next = this.#first(origin)?.at;
    const last = page[nextWindow(page, from, to, this.#window) - 1];
    return next !== undefined && last !== undefined && next <= last.at;
  }

  /** An event is heard: until `heard`, what happens happens there. Returns false while something else is under way, and happens there. */
  hears({ tape, market }: TapePlace): boolean {
    if (this.#here !== undefined) return false;
    this.#here = { tape, market };
    return true;
  }

  heard(): void {
    this.#here = undefined;
    if (this.#stale) this.rearm();
  }

  /** The deck was told something, or something else is pending: when no event comes, the clock wakes for it. */
  rearm(): void {
    this.#stale = false;
    this.#timer?.();
    this.#timer = undefined;
    const { phase, speed, progress } = this.#deck;
    if (phase !== 'ended') this.#over = undefined;
    if (this.#closed || phase === 'broken') return;
    if (phase !== 'waiting') this.#begin();
    if (phase === 'paused') return;
    const origin = progress.origin ?? 0n;
    if (phase === 'waiting') return void this.#actUntil(0n, 0n, false);
    const next = this.#first(origin, progress.origin !== undefined);
    if (next === undefined || (phase === 'playing' && speed === 'max')) return;
    const wait = this.wall(next.at - origin - this.tape);
    this.#timer = this.#clock.wake(this.#clock.now() + (wait > milli ? wait : milli), () => this.#tick());
  }

  /** The tape is over; tape time goes on. */
  ended(): void {
    this.#over = { wall: this.#clock.now(), tape: this.#deck.elapsed };
    this.rearm();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#timer?.();
    this.#pending.clear();
  }

  #begin(): void {
    const starts = this.#starts ?? [];
    this.#starts = undefined;
    for (const act of starts) act();
  }

  #tick(): void {
    const { phase, due, progress } = this.#deck;
    // While a page is being read nobody knows whether an event comes first.
    if (phase === 'ended' || due !== undefined) {
      const now = this.tape;
      const until = due !== undefined && due < now ? due : now;
      this.#passed = this.#end;
      const origin = progress.origin ?? 0n;
      this.#actUntil(until + origin, origin, progress.origin !== undefined);
    }
    this.rearm();
  }

  #add(appointment: Appointment): Cancel {
    this.#pending.add(appointment);
    if (this.#here === undefined) this.rearm();
    else this.#stale = true;
    return () => {
      this.#pending.remove(appointment);
    };
  }

  /** Does everything that is due at or before a market instant, in the order of the tape. Returns whether there was anything. */
  #actUntil(market: Nanos, origin: Nanos, moments = true): boolean {
    let acted = false;
    for (let due = this.#first(origin, moments); due !== undefined && due.at <= market;) {
      const { appointment, at } = due;
      const { moment, act } = appointment;
      if (moment === undefined) this.#pending.remove(appointment);
      else appointment.next = nextMoment(moment, at + 1n, this.#calendar);
      // A moment in a silence that was cut comes when the silence does.
      this.#here = { tape: at - origin > this.#passed ? at - origin : this.#passed, market: at };
      try {
        act();
      } finally {
        this.#here = undefined;
      }
      acted = true;
      due = this.#first(origin, moments);
    }
    return acted;
  }

  /** The pending appointment that comes first, as a market instant of the leg that is being played. */
  #first(origin: Nanos, moments = true): Due | undefined {
    return this.#pending.first(origin, moments);
  }

  #tapeSpan(wall: Nanos): Nanos {
    const { speed } = this.#deck;
    return speed === 'max' ? wall : (wall * BigInt(Math.round(speed * 1000))) / 1000n;
  }
}
