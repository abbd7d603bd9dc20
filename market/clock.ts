import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Nanos } from './event.ts';

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

/** The machine's own clock: monotonic, anchored once to wall time. */
export class SystemClock implements Clock {
  readonly #origin = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();

  now(): Nanos {
    return this.#origin + process.hrtime.bigint();
  }

  wake(at: Nanos, call: () => void): Cancel {
    let timer: NodeJS.Timeout;
    // Timers fire up to a millisecond early and overflow past 24 days, so each one checks the clock and re-arms.
    const arm = (): void => {
      const left = Number(at - this.now()) / 1e6;
      if (left <= 0) return void (timer = setTimeout(call, 0));
      timer = setTimeout(() => (this.now() >= at ? call() : arm()), Math.min(Math.floor(left) || 1, 2 ** 31 - 1));
    };
    arm();
    return () => clearTimeout(timer);
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
