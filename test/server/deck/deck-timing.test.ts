import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { millis, seconds } from '../../../market/nanos.ts';
import type { MarketEvent, Nanos } from '../../../market/event.ts';
import { DeckRig } from '../../helpers/deck-rig.ts';
import { opening, trade } from '../../helpers/events.ts';
import { reelOf } from '../../helpers/reel.ts';

const hours = (count: number): Nanos => seconds(count * 3600);
const speed = fc.oneof(
  fc.constantFrom(0.1, 1, 3, 7.77, 10, 333.333, 1000),
  fc.integer({ min: 100, max: 1_000_000 }).map((n) => n / 1000),
);

test('after ten hours at any speed every event still leaves at its exact nanosecond', async () => {
  await fc.assert(
    fc.asyncProperty(
      speed,
      fc.array(fc.bigInt(0n, hours(10)), { minLength: 2, maxLength: 40 }),
      async (pace, offsets) => {
        const scaled = offsets.map((offset) => (offset * BigInt(Math.round(pace * 1000))) / 1000n);
        const events = tapeAt(scaled);
        await using rig = new DeckRig(reelOf(events), events, { speed: pace }, 77n);
        rig.deck.play();
        await rig.clock.advance(hours(11));
        expect(rig.played.map(({ event, wall }) => [event, wall])).toEqual(
          events.map((event) => [event, 77n + wallSpan(event.at - (events[0]?.at ?? 0n), pace)]),
        );
        expect(rig.ends).toBe(1);
      },
    ),
    { numRuns: 60 },
  );
});

test('every loop begins one market second after the last event, without adding up an error', async () => {
  const events = tapeAt([0n, 1_000_003n, 999_999_937n]);
  await using rig = new DeckRig(reelOf(events), events, { speed: 7, passes: 5000 });
  rig.deck.play();
  await rig.clock.advance(seconds(1500));
  expect(rig.played).toHaveLength(15_000);
  const loop = 1_999_999_937n;
  const late = rig.played.map(({ wall, event }, index) =>
    Number(wall - wallSpan(BigInt(Math.floor(index / 3)) * loop + event.at - opening, 7)),
  );
  // Each loop starts on a whole nanosecond, so five thousand of them may be 5 µs off in all.
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...late)).toBeLessThanOrEqual(5000);
});

test('silences longer than maxIdle are cut to it, shorter ones are kept', async () => {
  await fc.assert(
    fc.asyncProperty(
      speed,
      fc.array(fc.oneof(fc.bigInt(0n, seconds(3)), fc.bigInt(0n, hours(60))), { minLength: 1, maxLength: 30 }),
      async (pace, gaps) => {
        const maxIdle = seconds(2);
        const events = tapeWithGaps(gaps);
        await using rig = new DeckRig(reelOf(events), events, { speed: pace, maxIdle });
        rig.deck.play();
        await rig.playOut(seconds(700));
        let market = 0n;
        const due = [0n, ...gaps].map((gap) => wallSpan((market += gap < maxIdle ? gap : maxIdle), pace));
        expect(rig.played.map(({ wall }) => wall)).toEqual(due);
      },
    ),
    { numRuns: 100 },
  );
});

test('events of one window leave together when the window is over, the same groups at any speed', async () => {
  await fc.assert(
    fc.asyncProperty(speed, fc.array(fc.bigInt(0n, millis(4)), { minLength: 1, maxLength: 40 }), async (pace, gaps) => {
      const window = millis(5);
      const events = tapeWithGaps(gaps);
      await using rig = new DeckRig(reelOf(events, 100), events, { speed: pace, window });
      rig.deck.play();
      await rig.playOut(seconds(1));
      const start = events[0]?.at ?? 0n;
      const over = (at: Nanos): Nanos => ((at + window - 1n) / window) * window;
      expect(rig.played.map(({ wall }) => wall)).toEqual(events.map(({ at }) => wallSpan(over(at) - start, pace)));
      const together = new Set(rig.played.map(({ emission }) => emission));
      expect(together.size).toBe(new Set(events.map(({ at }) => over(at))).size);
    }),
    { numRuns: 100 },
  );
});

test('a lagging deck plays everything the same time later, in every loop and whatever silence is cut', async () => {
  const events = tapeAt([0n, seconds(1), seconds(90), seconds(91)]);
  const lag = seconds(900);
  for (const maxIdle of [undefined, seconds(2)]) {
    const options = { passes: 4, speed: 10, maxIdle };
    await using main = new DeckRig(reelOf(events), events, options);
    await using lagging = new DeckRig(reelOf(events), events, { ...options, lag });
    for (const rig of [main, lagging]) {
      rig.deck.play();
      await rig.playOut(seconds(60));
    }
    expect(lagging.played.map(({ event, wall }) => [event, wall])).toEqual(
      main.played.map(({ event, wall }) => [event, wall + lag / 10n]),
    );
  }
});

test('at max everything leaves at once, in order, in every loop', async () => {
  const events = tapeAt([0n, 5n, hours(3), hours(30)]);
  await using rig = new DeckRig(reelOf(events), events, { speed: 'max', passes: 3 });
  rig.deck.play();
  await rig.playOut(0n);
  expect(rig.played.map(({ index }) => index)).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
  expect(rig.clock.now()).toBe(0n);
});

/** Wall time that market time takes, rounded up to the nanosecond: never before it is due. */
function wallSpan(market: Nanos, pace: number): Nanos {
  const perThousand = BigInt(Math.round(pace * 1000));
  return (market * 1000n + perThousand - 1n) / perThousand;
}

function tapeAt(offsets: readonly Nanos[]): MarketEvent[] {
  return offsets.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)).map((offset) => trade(opening + offset));
}

function tapeWithGaps(gaps: readonly Nanos[]): MarketEvent[] {
  let at = 0n;
  return tapeAt([0n, ...gaps.map((gap) => (at += gap))]);
}
