import { afterEach, expect, test } from 'vitest';
import { longestNap } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import { millis } from '../../market/nanos.ts';
import { PreciseClock } from '../../market/precise-clock.ts';

const open: PreciseClock[] = [];
afterEach(async () => {
  for (const clock of open.splice(0)) await clock[Symbol.asyncDispose]();
});

function started(): PreciseClock {
  const clock = new PreciseClock();
  open.push(clock);
  return clock;
}

/** Wakes at `at`; resolves with how late that was. */
const lateness = async (clock: PreciseClock, at: Nanos): Promise<Nanos> =>
  await new Promise((resolve) => void clock.wake(at, () => resolve(clock.now() - at)));

test('of many wake-ups in any order each comes once, none early, in the order of their times', async () => {
  const clock = started();
  const start = clock.now() + millis(5);
  // 7919 is prime, so the steps visit every tenth of a millisecond of twenty once, well mixed.
  const wakes = Array.from({ length: 200 }, (_, index) => start + millis(((index * 7919) % 200) / 10));
  const order: Nanos[] = [];
  const late = await Promise.all(
    wakes.map(async (at) => {
      const by = await lateness(clock, at);
      order.push(at);
      return by;
    }),
  );
  expect(late.filter((by) => by < 0n)).toEqual([]);
  expect(order).toEqual(wakes.toSorted((one, other) => (one < other ? -1 : 1)));
  expect(new Set(order).size).toBe(200);
});

test('a wake-up in the past comes, but never while it is being asked for', async () => {
  const clock = started();
  let asked = false;
  const woken = new Promise<boolean>((resolve) => void clock.wake(clock.now() - millis(1000), () => resolve(asked)));
  asked = true;
  expect(await woken).toBe(true);
});

test('one that is earlier than all others comes first, although it was asked for last', async () => {
  const clock = started();
  const heard: string[] = [];
  const far = clock.wake(clock.now() + millis(longestNap * 2), () => heard.push('far'));
  const late = lateness(clock, clock.now() + millis(15)).then(() => heard.push('late'));
  await lateness(clock, clock.now() + millis(3)).then(() => heard.push('early'));
  await late;
  far();
  expect(heard).toEqual(['early', 'late']);
});

test('a cancelled wake-up never comes, also when another at the same instant cancels it', async () => {
  const clock = started();
  const heard: string[] = [];
  const at = clock.now() + millis(4);
  clock.wake(at - millis(1), () => heard.push('cancelled before'))();
  const cancels: (() => void)[] = [];
  clock.wake(at, () => {
    heard.push('first');
    for (const cancel of cancels) cancel();
  });
  cancels.push(clock.wake(at, () => heard.push('cancelled by the first')));
  await lateness(clock, at + millis(3));
  cancels[0]?.();
  expect(heard).toEqual(['first']);
});

test('what a wake-up asks for comes too', async () => {
  const clock = started();
  let left = 20;
  await new Promise<void>((resolve) => {
    const again = (): void => {
      if (--left === 0) return resolve();
      clock.wake(clock.now() + millis(0.2), again);
    };
    clock.wake(clock.now(), again);
  });
  expect(left).toBe(0);
});

test('after it is disposed of nobody is woken, and its thread is gone', async () => {
  const clock = new PreciseClock();
  const heard: string[] = [];
  clock.wake(clock.now() + millis(5), () => heard.push('asked before'));
  await clock[Symbol.asyncDispose]();
  clock.wake(clock.now(), () => heard.push('asked after'));
  const other = started();
  await lateness(other, other.now() + millis(10));
  expect(heard).toEqual([]);
  await clock[Symbol.asyncDispose]();
});
