import type { Nanos } from '../../market/event.ts';

/** A part of the way between two moves of the needle. */
export interface Leg {
  /** Number of its first event. */
  readonly first: number;
  /** The reel was read from this market instant on. */
  readonly start: Nanos;
  readonly pass: number;
  /** Added to its times on the wire; of events that say when they were sent, what was added to the last. Absent until one is at hand. */
  readonly shift: Nanos | undefined;
}

/** Legs that are remembered: one for each pass and each seek. */
const rememberedLegs = 10_000;

/**
 * The way the needle has gone: numbers every event that is played, and tells tape time, which is how long the tape has played at speed
 * 1, from the first event on, over passes and seeks and without the silences that were cut. Both depend on the tape and on what was
 * asked of the deck, never on when.
 */
export class Itinerary {
  /** Events played so far, which is the number of the next one. */
  sequence = 0;
  readonly #legs: (Leg & { shift: Nanos | undefined })[] = [];
  /** Tape time at the last move of the needle, and how much later the next event is due. */
  #before: Nanos = 0n;
  #pause: Nanos;
  /** Market instant at which tape time was 0, had the market gone on like this; absent until the first event of a leg is at hand. */
  #origin: Nanos | undefined;
  /** Market instant of the last event of this leg. */
  #last: Nanos | undefined;

  /** `lag`: tape time of the first event, for a deck that follows another. */
  constructor(start: Nanos, pass: number, lag: Nanos) {
    this.#pause = lag;
    this.#legs.push({ first: 0, start, pass, shift: undefined });
  }

  get legs(): readonly Leg[] {
    return this.#legs;
  }

  /** Market instant at which tape time is 0, as far as it is known. */
  get known(): Nanos | undefined {
    return this.#origin;
  }

  /** Tape time of the last event. */
  get elapsed(): Nanos {
    return this.#origin === undefined || this.#last === undefined ? this.#before : this.#last - this.#origin;
  }

  /** Tape time when the needle is at a market instant of this leg; that of the last event while nobody knows what comes. */
  elapsedAt(market: Nanos): Nanos {
    return this.#origin === undefined ? this.#before : market - this.#origin;
  }

  /** Market instant at which tape time is 0, for the events that come next, the first of which is at `next`. */
  origin(next: Nanos): Nanos {
    return (this.#origin ??= next - this.#before - this.#pause);
  }

  /** The silence before the next event is shortened by so much. */
  skip(cut: Nanos): void {
    if (this.#origin !== undefined) this.#origin += cut;
  }

  /** So many events have played, the last of them at that market instant, their times moved by `shift`. */
  advance(count: number, last: Nanos, shift: Nanos): void {
    this.sequence += count;
    this.#last = last;
    const leg = this.#legs.at(-1);
    if (leg !== undefined) leg.shift = shift;
  }

  /** The needle is moved: the next event is due `pause` of tape time after the last. */
  move(start: Nanos, pass: number, pause: Nanos): void {
    this.#before = this.elapsed;
    this.#pause = pause;
    this.#origin = this.#last = undefined;
    // A leg on which nothing was played is none.
    if (this.#legs.at(-1)?.first === this.sequence) this.#legs.pop();
    if (this.#legs.push({ first: this.sequence, start, pass, shift: undefined }) > rememberedLegs) this.#legs.shift();
  }
}
