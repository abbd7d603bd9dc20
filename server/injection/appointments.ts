import type { Calendar } from '../../market/calendar.ts';
import type { Nanos } from '../../market/event.ts';
import type { MarketMoment } from '../scenario/market-moment.ts';
import { nextMoment } from './market-moments.ts';

/** What is to be done at a place of the tape. */
export interface Appointment {
  /** Tape time; or a moment of the market, and when it comes next. */
  readonly tape: Nanos | undefined;
  readonly moment: MarketMoment | undefined;
  next: Nanos | undefined;
  readonly act: () => void;
}

/** An appointment, and the market instant of the leg that is being played at which it is due. */
export interface Due {
  readonly appointment: Appointment;
  readonly at: Nanos;
}

interface Booked {
  readonly appointment: Appointment;
  /** Of two at the same time the one comes first that was made first. */
  readonly number: number;
}

/** Appointments that are pending. Thousands at times of the tape cost no more than a few when it is asked which comes first. */
export class Appointments {
  /** At times of the tape, the last first. */
  #timed: Booked[] = [];
  #moments: Booked[] = [];
  #made = 0;

  get isEmpty(): boolean {
    return this.#timed.length + this.#moments.length === 0;
  }

  add(appointment: Appointment): void {
    const booked = { appointment, number: this.#made++ };
    const { tape } = appointment;
    if (tape === undefined) return void this.#moments.push(booked);
    this.#timed.splice(this.#before(tape), 0, booked);
  }

  remove(appointment: Appointment): void {
    const { tape } = appointment;
    const list = tape === undefined ? this.#moments : this.#timed;
    const from = tape === undefined ? 0 : this.#before(tape);
    const at = list.findIndex((other, index) => index >= from && other.appointment === appointment);
    if (at >= 0) list.splice(at, 1);
  }

  clear(): void {
    this.#timed = [];
    this.#moments = [];
  }

  /** The one that comes first; `origin`: market instant at which tape time was 0. */
  first(origin: Nanos, moments: boolean): Due | undefined {
    const timed = this.#timed.at(-1);
    let first = timed && { ...timed, at: (timed.appointment.tape ?? 0n) + origin };
    for (const booked of moments ? this.#moments : []) {
      const at = booked.appointment.next;
      if (at === undefined || (first !== undefined && first.at < at)) continue;
      if (first === undefined || at < first.at || booked.number < first.number) first = { ...booked, at };
    }
    return first;
  }

  /** Moments come next after this instant. */
  reckon(from: Nanos, calendar: Calendar): void {
    for (const { appointment } of this.#moments) {
      if (appointment.moment !== undefined) appointment.next = nextMoment(appointment.moment, from, calendar);
    }
  }

  /** Position of the first in the list that is not later: what is made for that time now comes after it. */
  #before(tape: Nanos): number {
    let [low, high] = [0, this.#timed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#timed[middle]?.appointment.tape ?? 0n) > tape) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
