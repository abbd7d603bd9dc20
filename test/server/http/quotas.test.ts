import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import { day, minute, seconds } from '../../../market/nanos.ts';
import { Quotas } from '../../../server/http/quotas.ts';

test('a request counts in its minute and in its day, as much as it costs', () => {
  const quotas = new Quotas(new ManualClock(90n * minute));
  const plan = { requests: 8, requestsPerDay: 10 };
  const { quotas: told, exceeded } = quotas.take('key', plan, 3);
  expect(exceeded).toBeUndefined();
  expect(told).toEqual([
    { span: 'minute', limit: 8, used: 3, remaining: 5, reset: 91n * minute },
    { span: 'day', limit: 10, used: 3, remaining: 7, reset: day },
  ]);
  expect(quotas.take('other', {}, 3)).toEqual({ quotas: [], exceeded: undefined });
});

test('a request that goes too far is told what it would have come to, and counts for nothing', async () => {
  const clock = new ManualClock(0n);
  const quotas = new Quotas(clock);
  const plan = { requests: 4, requestsPerDay: 6 };
  quotas.take('key', plan, 3);
  expect(quotas.take('key', plan, 2).exceeded).toMatchObject({ span: 'minute', used: 5, remaining: 1 });
  await clock.advance(seconds(60));
  expect(quotas.take('key', plan, 4).exceeded).toMatchObject({ span: 'day', used: 7, remaining: 3 });
  expect(quotas.take('key', plan, 3).exceeded).toBeUndefined();
});

test('never is more granted than a minute and a day allow', async () => {
  const step = fc.record({ cost: fc.integer({ min: 0, max: 5 }), wait: fc.integer({ min: 0, max: 90 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const clock = new ManualClock(0n);
      const quotas = new Quotas(clock);
      const granted: { readonly at: bigint; readonly cost: number }[] = [];
      for (const { cost, wait } of steps) {
        await clock.advance(seconds(wait));
        const { exceeded } = quotas.take('key', { requests: 7, requestsPerDay: 40 }, cost);
        if (exceeded === undefined) granted.push({ at: clock.now(), cost });
      }
      const within = (span: bigint): number[] => {
        const sums = new Map<bigint, number>();
        for (const { at, cost } of granted) sums.set(at / span, (sums.get(at / span) ?? 0) + cost);
        return [0, ...sums.values()];
      };
      expect(Math.max(...within(minute))).toBeLessThanOrEqual(7);
      expect(Math.max(...within(day))).toBeLessThanOrEqual(40);
    }),
    { numRuns: 100 },
  );
});
