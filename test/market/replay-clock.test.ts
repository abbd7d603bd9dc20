import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import { hour, millis, seconds } from '../../market/nanos.ts';
import { ReplayClock } from '../../market/replay-clock.ts';

const wall = 1_782_912_600_000_000_000n;
const market = 1_782_000_000_000_000_000n;

test('market time runs at its speed from the instant it was tied to', async () => {
  const clock = new ManualClock(wall);
  const replay = new ReplayClock(clock, wall, market, 2.5);
  await clock.advance(seconds(4));
  expect(replay.now()).toBe(market + seconds(10));
});

test('whoever waits for a market instant is woken when it has come, at any speed, never before', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 100, max: 1_000_000 }),
      fc.bigInt({ min: 0n, max: hour }),
      async (thousandths, ahead) => {
        const clock = new ManualClock(wall);
        const replay = new ReplayClock(clock, wall, market, thousandths / 1000);
        const woken: bigint[] = [];
        replay.wake(market + ahead, () => woken.push(replay.now()));
        await clock.advance((ahead * 1000n) / BigInt(thousandths) + 1n);
        expect(woken).toHaveLength(1);
        expect(woken[0]).toBeGreaterThanOrEqual(market + ahead);
      },
    ),
    { numRuns: 100 },
  );
});

test('a wake-up that is taken back never comes', async () => {
  const clock = new ManualClock(wall);
  const replay = new ReplayClock(clock, wall, market, 1);
  const woken: bigint[] = [];
  const cancel = replay.wake(market + millis(5), () => woken.push(replay.now()));
  cancel();
  await clock.advance(seconds(1));
  expect(woken).toEqual([]);
});

test('after ten hours at a crooked speed it has not drifted by a nanosecond', async () => {
  const clock = new ManualClock(wall);
  const replay = new ReplayClock(clock, wall, market, 0.333);
  for (let step = 0; step < 1000; step++) {
    await clock.advance(seconds(36));
    replay.now();
  }
  expect(replay.now()).toBe(market + (seconds(36_000) * 333n) / 1000n);
});
