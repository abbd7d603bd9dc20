import type { MarketEvent, Nanos } from '../../market/event.ts';
import { Itinerary, type Leg } from './itinerary.ts';
import type { Emission, Portion, Reel } from './reel.ts';
import { Silence } from './silence.ts';
import type { Page } from '../sources/source.ts';
import { Stamps, type Stretch, type Timestamps } from './stamps.ts';

export interface ProgressOptions {
  readonly timestamps: Timestamps;
  readonly maxIdle: Nanos | undefined;
  /** Where the first pass begins, which one that is, and how much tape time later its first event is due. */
  readonly start: Nanos;
  readonly pass: number;
  readonly lag: Nanos;
}

/** What has been played so far, and what follows from it for what comes: its times on the wire, its silences, its numbers. */
export class Progress {
  readonly #timestamps: Timestamps;
  readonly #stamps: Stamps;
  readonly #silence: Silence;
  readonly #itinerary: Itinerary;

  constructor(reel: Reel, { timestamps, maxIdle, start, pass, lag }: ProgressOptions) {
    this.#timestamps = timestamps;
    this.#stamps = new Stamps(timestamps, reel.from);
    this.#silence = new Silence(maxIdle, reel.publisher);
    this.#itinerary = new Itinerary(start, pass, lag);
  }

  /** What has been played, and under which times; see `Stamps`. */
  get played(): readonly Stretch[] {
    return this.#stamps.played;
  }

  get legs(): readonly Leg[] {
    return this.#itinerary.legs;
  }

  /** Every event says when it was sent, and not when it happened. */
  get saysNow(): boolean {
    return this.#timestamps === 'now';
  }

  /** Number of the next event. */
  get sequence(): number {
    return this.#itinerary.sequence;
  }

  /** Market instant at which tape time is 0, on this leg; `undefined` until its first event is at hand. */
  get origin(): Nanos | undefined {
    return this.#itinerary.known;
  }

  /** Tape time when the needle is at a market instant; that of the last event when it is nowhere. */
  elapsed(needle: Nanos | undefined): Nanos {
    const { elapsed } = this.#itinerary;
    const now = needle === undefined ? elapsed : this.#itinerary.elapsedAt(needle);
    return now > elapsed ? now : elapsed;
  }

  /** Tape time of an event to come. */
  due(next: MarketEvent): Nanos {
    return next.at - this.#itinerary.origin(next.at);
  }

  /** These events are played now, wall time. */
  emission(page: Page, from: number, to: number, now: Nanos): Emission | undefined {
    const first = page[from];
    const last = page[to - 1];
    if (first === undefined || last === undefined) return undefined;
    const { sequence } = this.#itinerary;
    const origin = this.#itinerary.origin(first.at);
    this.#silence.heard(page, from, to);
    const shift = this.#stamps.shift(first.at, last.at, now);
    this.#itinerary.advance(to - from, last.at, this.#timestamps === 'now' ? now - last.at : shift);
    if (this.#timestamps !== 'now') return { page, from, to, shift, stampedAt: undefined, sequence, origin };
    // Bytes that say when they were sent are never sent again: a page of their own keeps the large one's encoding small.
    const own = page.slice(from, to);
    return { page: own, from: 0, to: own.length, shift, stampedAt: now, sequence, origin };
  }

  /** What will be played soon, up to where `reach` says; `undefined` while its times on the wire are not known, and `reach` is not asked. */
  preview(page: Page, from: number, reach: () => number | undefined): Portion | undefined {
    const shift = this.#stamps.current;
    const to = shift === undefined ? undefined : reach();
    return shift === undefined || to === undefined ? undefined : { page, from, to, shift, stampedAt: undefined };
  }

  /** How much of the silence between the market instant reached and the next event is left out. It counts as left out from now on. */
  cut(next: MarketEvent | undefined, reached: Nanos | undefined): Nanos {
    const cut = this.#silence.tooLong(next, reached);
    if (next === undefined || cut <= 0n) return 0n;
    this.#itinerary.origin(next.at);
    this.#itinerary.skip(cut);
    return cut;
  }

  /** Up to where `page[from] … page[to - 1]` hold no silence that is to be cut. */
  unbroken(page: Page, from: number, to: number): number {
    return this.#silence.unbroken(page, from, to);
  }

  /** The needle is moved: the next event is due `pause` of tape time after the last. */
  move(start: Nanos, pass: number, pause: Nanos): void {
    this.#stamps.renew();
    this.#silence.forget();
    this.#itinerary.move(start, pass, pause);
  }
}
