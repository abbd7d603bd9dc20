import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffSettings } from '../../../client/backoff-settings.ts';
import { delayAfter } from '../../../client/backoff.ts';
import { retryAfter } from '../../../client/retry-after.ts';
import { millis, seconds } from '../../../market/nanos.ts';
import { opening } from '../../helpers/events.ts';

const patience = backoffSettings.parse({});

test('a client waits twice as long after each failure, up to half a minute', () => {
  const waits = [0, 1, 2, 3, 4, 5, 6, 7, 500].map((failures) => delayAfter(failures, 0, patience));
  expect(waits).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30, 30].map(seconds));
});

test('chance makes a wait longer, by a quarter at most', () => {
  expect(delayAfter(1, 0.5, patience)).toBe(millis(1125));
  fc.assert(
    fc.property(fc.nat(2000), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, draw) => {
      const wait = delayAfter(failures, draw, patience);
      expect(wait).toBeGreaterThanOrEqual(patience.base);
      expect(wait).toBeLessThanOrEqual((patience.cap * 5n) / 4n);
      expect(wait).toBeGreaterThanOrEqual(delayAfter(failures, 0, patience));
    }),
  );
});

test('a client that is told to wait never comes sooner, and not all clients in the same instant', () => {
  expect(delayAfter(0, 0, patience, seconds(3))).toBe(seconds(3));
  expect(delayAfter(0, 0.5, patience, seconds(3))).toBe(millis(3062.5));
  expect(delayAfter(4, 0, patience, seconds(3)), 'its own patience is longer').toBe(seconds(8));
  expect(delayAfter(0, 0, patience, seconds(86_400 * 365)), 'a year is a mistake').toBe(seconds(900));
});

test('settings that would hammer are held back by the floor', () => {
  const hasty = backoffSettings.parse({ base: '1ms', cap: '1ms' });
  expect(delayAfter(0, 0, hasty)).toBe(millis(250));
});

test.each([
  ['3', seconds(3)],
  [' 120 ', seconds(120)],
  ['1.5', seconds(1.5)],
  ['Wed, 01 Jul 2026 14:30:05 GMT', seconds(5)],
  ['Wed, 01 Jul 2026 14:29:00 GMT', 0n],
  ['-5', undefined],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %s', (header, wait) => {
  expect(retryAfter(header, opening)).toBe(wait);
});
