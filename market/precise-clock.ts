import { Worker } from 'node:worker_threads';
import { longestNap, SystemClock, type Cancel } from './clock.ts';
import type { Nanos } from './event.ts';
import { millis } from './nanos.ts';

/**
 * Sleeps in `Atomics.wait`, whose timeout has microseconds where a timer has milliseconds, and taps the main thread when it
 * is time. As text, because it must run from source and from the package alike.
 */
const sleeper = `
const { parentPort, workerData } = require('node:worker_threads');
const turn = new Int32Array(workerData, 0, 1);
const target = new BigInt64Array(workerData, 8, 1);
for (;;) {
  const seen = Atomics.load(turn, 0);
  const at = Atomics.load(target, 0);
  if (at < 0n) break;
  const left = at === 0n ? Infinity : Number(at - process.hrtime.bigint()) / 1e6;
  if (left > 0) Atomics.wait(turn, 0, seen, left);
  else if (Atomics.compareExchange(target, 0, at, 0n) === at) parentPort.postMessage(0);
}
`;

const mostNap = millis(longestNap);

interface Wake {
  readonly at: Nanos;
  readonly call: () => void;
}

/** A system clock whose wake-ups come within some tenths of a millisecond, for the price of a thread and its wake-ups. */
export class PreciseClock extends SystemClock implements AsyncDisposable {
  readonly #memory = new SharedArrayBuffer(16);
  readonly #turn = new Int32Array(this.#memory, 0, 1);
  readonly #target = new BigInt64Array(this.#memory, 8, 1);
  readonly #worker: Worker;
  readonly #wakes = new Set<Wake>();

  constructor() {
    super();
    this.#worker = new Worker(sleeper, { eval: true, workerData: this.#memory });
    this.#worker.on('message', () => this.#fire());
    this.#worker.unref();
  }

  override wake(at: Nanos, call: () => void): Cancel {
    const wake = { at, call };
    this.#wakes.add(wake);
    this.#arm();
    return () => void this.#wakes.delete(wake);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#wakes.clear();
    this.#aim(-1n);
    await this.#worker.terminate();
  }

  #fire(): void {
    const now = this.now();
    const due = [...this.#wakes].filter(({ at }) => at <= now).sort((one, other) => Number(one.at - other.at));
    // One of them may have cancelled another.
    for (const wake of due) if (this.#wakes.delete(wake)) wake.call();
    this.#arm();
  }

  #arm(): void {
    let first: Nanos | undefined;
    for (const { at } of this.#wakes) if (first === undefined || at < first) first = at;
    if (first === undefined) return;
    // The worker reads the monotonic clock, which is never 0: 0 tells it to sleep until the next turn.
    const left = first - this.now();
    // Who is tapped before anything is due aims again; so a sleep of the machine makes nobody late for long.
    const nap = left < mostNap ? left : mostNap;
    this.#aim(process.hrtime.bigint() + (nap > 0n ? nap : 0n));
  }

  #aim(target: bigint): void {
    Atomics.store(this.#target, 0, target);
    Atomics.add(this.#turn, 0, 1);
    Atomics.notify(this.#turn, 0);
  }
}
