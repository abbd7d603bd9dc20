import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Nanos } from './event.ts';
import { milli } from './nanos.ts';

/** Resolves after pending I/O had its turn: long work takes one now and then, to hear its signal. */
export async function turn(): Promise<void> {
  await nextTurn();
}

/** Takes back a wake-up. Harmless when it has already happened. */
export type Cancel = () => void;

/** Tells time and wakes at a time. The only door to the machine's timers. */
export interface Clock {
  now(): Nanos;
  /** Calls once, never before `at`, never synchronously. */
  wake(at: Nanos, call: () => void): Cancel;
  /** Resolves after pending I/O had its turn. */
  turn(): Promise<void>;
}

/** The machine's ways to tell time and to wait. Arguments of a clock, so that what befalls a laptop can befall a test. */
export interface TimeSources {
  /** Milliseconds since 1970, as the user sees them: may be set, and goes on while the machine sleeps. */
  wall(): number;
  /** Nanoseconds since some start: never set, and stands still while the machine sleeps (CLOCK_MONOTONIC). */
  monotonic(): bigint;
  /** Calls once after about so many milliseconds awake. */
  sleep(call: () => void, millis: number): Cancel;
}

const machine: TimeSources = {
  wall: () => Date.now(),
  monotonic: () => process.hrtime.bigint(),
  sleep: (call, span) => {
    const timer = setTimeout(call, span);
    return () => clearTimeout(timer);
  },
};

/** NTP slews stay far below it, the sleep of a laptop far above. Milliseconds. */
const mostLag = 1000;
/** Longest wait at a stretch, in milliseconds: timers stand still while the machine sleeps, so one looks at the clock now and then. */
export const longestNap = 10_000;

/**
 * The machine's own clock: monotonic, anchored to wall time, and anchored anew when it falls more than a second behind, as after a
 * sleep of the machine. It never runs backwards: a wall clock that is set back is not followed.
 */
export class SystemClock implements Clock {
  readonly #sources: TimeSources;
  #origin: Nanos;

  constructor(sources: TimeSources = machine) {
    this.#sources = sources;
    this.#origin = BigInt(sources.wall()) * milli - sources.monotonic();
  }

  now(): Nanos {
    const now = this.#origin + this.#sources.monotonic();
    const wall = this.#sources.wall();
    if (wall - Number(now / milli) <= mostLag) return now;
    const missed = BigInt(wall) * milli - now;
    this.#origin += missed;
    return now + missed;
  }

  wake(at: Nanos, call: () => void): Cancel {
    let cancel: Cancel;
    // Timers fire up to a millisecond early, so each one checks the clock and re-arms.
    const arm = (): void => {
      const left = Number(at - this.now()) / 1e6;
      if (left <= 0) return void (cancel = this.#sources.sleep(call, 0));
      const nap = Math.min(Math.floor(left) || 1, longestNap);
      cancel = this.#sources.sleep(() => (this.now() >= at ? call() : arm()), nap);
    };
    arm();
    return () => cancel();
  }

  async turn(): Promise<void> {
    await nextTurn();
  }
}

interface Wake {
  readonly at: Nanos;
  readonly call: () => void;
}

/** Turns after which a manual clock moves on even if whoever it woke wants more: a deck at max that loops never stops. */
const mostTurns = 64;

/** A clock that moves only when told, for tests. */
export class ManualClock implements Clock {
  #now: Nanos;
  #wakes: Wake[] = [];
  /** Turns asked for so far. */
  #turns = 0;

  constructor(start: Nanos = 0n) {
    this.#now = start;
  }

  now(): Nanos {
    return this.#now;
  }

  /** Wake-ups that are still to come. */
  get waiting(): number {
    return this.#wakes.length;
  }

  wake(at: Nanos, call: () => void): Cancel {
    const entry = { at, call };
    this.#wakes.push(entry);
    return () => {
      this.#wakes = this.#wakes.filter((other) => other !== entry);
    };
  }

  async turn(): Promise<void> {
    this.#turns++;
    await nextTurn();
  }

  /** Moves forward, stopping at each wake-up on the way, and lets what it wakes settle before the next. */
  async advance(by: Nanos): Promise<void> {
    const end = this.#now + by;
    await this.#settle();
    for (;;) {
      const next = this.#wakes.reduce<Wake | undefined>(
        (first, entry) => (entry.at <= end && (first === undefined || entry.at < first.at) ? entry : first),
        undefined,
      );
      if (next === undefined) break;
      this.#wakes = this.#wakes.filter((entry) => entry !== next);
      if (next.at > this.#now) this.#now = next.at;
      next.call();
      await this.#settle();
    }
    this.#now = end;
    await this.#settle();
  }
  /** Waits until nobody asks for another turn. */
  async #settle(): Promise<void> {
    for (let turns = 0, before = -1; before !== this.#turns && turns < mostTurns; turns++) {
      before = this.#turns;
      await nextTurn();
    }
  }
}
