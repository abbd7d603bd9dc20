import { expect, test } from 'vitest';
import { SystemClock, type TimeSources } from '../../market/clock.ts';
import { hour, milli, millis, second, seconds } from '../../market/nanos.ts';
import type { Nanos } from '../../market/event.ts';

/** A laptop whose lid and whose wall clock the test moves. Timers count the time awake, as the machine's do. */
class Laptop implements TimeSources {
  #wall = Date.parse('2026-07-01T13:30:00Z');
  #awake = 5n * second;
  #timers: { readonly at: bigint; readonly call: () => void }[] = [];

  wall(): number {
    return Math.floor(this.#wall);
  }
  monotonic(): bigint {
    return this.#awake;
  }
  sleep(call: () => void, span: number): () => void {
    const timer = { at: this.#awake + millis(span), call };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
  }

  /** Time passes, timers fire; the wall clock may run a little faster or slower, as under NTP. */
  work(by: Nanos, slew = 1): void {
    const end = this.#awake + by;
    for (;;) {
      const next = this.#timers.toSorted((one, other) => (one.at < other.at ? -1 : 1))[0];
      const to = next !== undefined && next.at < end ? next.at : end;
      this.#wall += (Number(to - this.#awake) / 1e6) * slew;
      this.#awake = to;
      if (next === undefined || next.at > end) return;
      this.#timers = this.#timers.filter((other) => other !== next);
      next.call();
    }
  }
  /** The lid is shut: only the wall clock goes on. */
  shut(by: Nanos): void {
    this.#wall += Number(by / milli);
  }
  set(by: Nanos): void {
    this.#wall += Number(by / milli);
  }
  get at(): Nanos {
    return BigInt(this.wall()) * milli;
  }
}

test('after a sleep of the machine the clock tells the time that is, not the time it has been awake', () => {
  const laptop = new Laptop();
  const clock = new SystemClock(laptop);
  laptop.work(seconds(90));
  expect(clock.now()).toBe(laptop.at);
  laptop.shut(8n * hour);
  expect(clock.now()).toBe(laptop.at);
  laptop.work(millis(2.5));
  laptop.shut(second + milli);
  laptop.work(second);
  expect(clock.now() - laptop.at).toBeLessThan(milli);
});

test('slews and small steps of NTP neither stop the clock nor turn it back', () => {
  const laptop = new Laptop();
  const clock = new SystemClock(laptop);
  const start = clock.now();
  let before = start;
  for (let step = 0; step < 1000; step++) {
    laptop.work(millis(100), step % 2 === 0 ? 1.0005 : 0.9995);
    if (step % 100 === 0) laptop.set(step % 200 === 0 ? millis(900) : -millis(900));
    expect(clock.now() - before).toBe(millis(100));
    before = clock.now();
  }
});

test('a wall clock that is set back far is not followed: what has begun goes on', () => {
  const laptop = new Laptop();
  const clock = new SystemClock(laptop);
  const start = clock.now();
  laptop.set(-hour);
  laptop.work(second);
  expect(clock.now() - start).toBe(second);
  laptop.set(2n * hour);
  expect(clock.now()).toBe(laptop.at);
});

test('nobody is woken early or twice, and a sleep of the machine makes nobody more than ten seconds late', () => {
  const laptop = new Laptop();
  const clock = new SystemClock(laptop);
  const woken: Nanos[] = [];
  const at = clock.now() + hour;
  clock.wake(at, () => woken.push(clock.now()));
  laptop.work(hour / 2n);
  expect(woken).toEqual([]);
  laptop.shut(4n * hour);
  laptop.work(seconds(10));
  expect(woken).toHaveLength(1);
  laptop.work(2n * hour);
  expect(woken).toHaveLength(1);
  expect(woken[0]).toBeGreaterThanOrEqual(at);
});

test('awake, a wake-up comes within a millisecond, however far away; a cancelled one never comes', () => {
  const laptop = new Laptop();
  const clock = new SystemClock(laptop);
  const late: Nanos[] = [];
  for (const after of [0n, 1n, millis(0.5), millis(7.3), seconds(25), 40n * 24n * hour]) {
    const at = clock.now() + after;
    clock.wake(at, () => late.push(clock.now() - at));
    clock.wake(at, () => late.push(-1n))();
  }
  const cancel = clock.wake(clock.now() + seconds(35), () => late.push(-2n));
  laptop.work(seconds(30));
  cancel();
  laptop.work(40n * 24n * hour);
  expect(late).toHaveLength(6);
  for (const lateness of late) expect(lateness >= 0n && lateness <= milli).toBe(true);
});

test('the machine’s own clock tells the wall time and never wakes early', async () => {
  const clock = new SystemClock();
  expect(Math.abs(Number(clock.now() / milli) - Date.now())).toBeLessThan(500);
  const at = clock.now() + millis(12);
  const woken = await new Promise<Nanos>((resolve) => void clock.wake(at, () => resolve(clock.now())));
  expect(woken).toBeGreaterThanOrEqual(at);
});
