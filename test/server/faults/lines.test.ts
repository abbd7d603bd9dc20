import { expect, test } from 'vitest';
import { second } from '../../../market/nanos.ts';
import { faultSchema } from '../../../server/faults/index.ts';
import { opened } from '../../helpers/rehearse.ts';

/** Delays in milliseconds that so many writes have. */
function delays(options: object, count = 20_000): number[] {
  const { line } = opened({ latency: options });
  return Array.from({ length: count }, () => Number(line?.delay?.() ?? 0n) / 1e6);
}
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]): number => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

for (const distribution of ['normal', 'lognormal', 'pareto'] as const) {
  test(`a ${distribution} latency has the mean and the deviation it is given, and is never negative`, () => {
    const drawn = delays({ mean: '40ms', jitter: '8ms', distribution });
    expect(mean(drawn)).toBeCloseTo(40, 0);
    expect(Math.abs(deviation(drawn) - 8)).toBeLessThan(0.8);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  });
}

test('a pareto latency is never early and now and then very late, a uniform one neither', () => {
  const pareto = delays({ mean: '40ms', jitter: '20ms', distribution: 'pareto' });
  expect(Math.max(...pareto)).toBeGreaterThan(200);
  expect(Math.min(...pareto)).toBeGreaterThan(27);
  const uniform = delays({ mean: '40ms', jitter: '20ms', distribution: 'uniform' });
  expect(Math.max(...uniform)).toBeLessThanOrEqual(60);
  expect(Math.min(...uniform)).toBeGreaterThanOrEqual(20);
});

test('without jitter every write is as late, and jitter as large as the mean never makes it early', () => {
  expect(new Set(delays({ mean: '40ms' }, 100))).toEqual(new Set([40]));
  expect(Math.min(...delays({ mean: '40ms', jitter: '40ms' }))).toBe(0);
});

test('the same draws come again', () => {
  const options = { mean: '40ms', jitter: '8ms', distribution: 'lognormal' };
  expect(delays(options, 100)).toEqual(delays(options, 100));
});

test('a faster tape has shorter delays and pauses, and carries more bytes', () => {
  const wall = (span: bigint): bigint => span / 10n;
  expect(opened({ latency: { mean: '40ms' } }, { wall }).line?.delay?.()).toBe(4_000_000n);
  expect(opened({ bandwidth: { rate: '64KiB' } }, { wall }).line?.bytesPerSecond).toBe(655_360);
  expect(opened({ slice: { bytes: 7, pause: '20ms' } }, { wall }).line?.slice).toEqual({ bytes: 7, pause: 2_000_000n });
  expect(opened({ drip: { pause: '1s' } }, { wall }).line?.slice).toEqual({ bytes: 1, pause: second / 10n });
});

test('a fixed latency has no jitter', () => {
  const { error } = faultSchema.safeParse({ latency: { mean: '40ms', jitter: '1ms', distribution: 'fixed' } });
  expect(error?.issues[0]?.message).toContain('jitter of a fixed latency');
});
