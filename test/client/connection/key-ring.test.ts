import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyRingSettings } from '../../../client/key-ring-settings.ts';
import {
  accepted,
  isBad,
  type KeyRing,
  labelOf,
  nextKey,
  offended,
  ringOf,
  settled,
  used,
} from '../../../client/key-ring.ts';
import { minute, seconds } from '../../../market/nanos.ts';
import { opening as now } from '../../helpers/events.ts';

const settings = keyRingSettings.parse({});
const three = ringOf(['a', 'b', 'c'].map((id) => ({ id, secret: 's' })));
const moment = { now, draw: 0 };
const restsFor = (ring: KeyRing, key: number): bigint => (ring[key]?.restsUntil ?? 0n) - now;

test('keys take turns', () => {
  let ring = three;
  const turns = [0, 1, 2, 3, 4].map((turn) => {
    const at = now + seconds(turn);
    const choice = nextKey(ring, at, settings);
    expect(choice.at).toBe(at);
    ring = used(ring, choice.key, at);
    return choice.key;
  });
  expect(turns).toEqual([0, 1, 2, 0, 1]);
});

test('one key alone is used again, but not within its shortest span', () => {
  const [only] = three;
  const ring = used(only === undefined ? [] : [only], 0, now);
  expect(nextKey(ring, now, settings)).toEqual({ key: 0, at: now + settings.apart });
});

test('a refused key rests longer each time, is bad after the fifth refusal, and is tried again in the end', () => {
  let ring = three;
  const rests = [1, 2, 3, 4, 5, 6].map(() => {
    ring = offended(ring, 0, 'refused', moment, settings);
    return restsFor(ring, 0);
  });
  expect(rests).toEqual([seconds(2), seconds(4), seconds(8), seconds(16), 15n * minute, 15n * minute]);
  expect(ring.map((key) => isBad(key, settings))).toEqual([true, false, false]);
  expect(nextKey(ring, now, settings).key).toBe(1);
  expect(nextKey(ring.slice(0, 1), now, settings)).toEqual({ key: 0, at: now + 15n * minute });
  expect(accepted(ring, 0).map((key) => isBad(key, settings))).toEqual([false, false, false]);
});

test('a key that finds no room rests longer each time, until its connection has lasted', () => {
  const once = offended(three, 0, 'crowded', moment, settings);
  const twice = offended(once, 0, 'crowded', moment, settings);
  expect([once, twice].map((ring) => restsFor(ring, 0))).toEqual([seconds(3), seconds(6)]);
  const loggedIn = accepted(twice, 0);
  expect(restsFor(offended(loggedIn, 0, 'crowded', moment, settings), 0), 'a login alone is no room').toBe(seconds(12));
  expect(restsFor(offended(settled(loggedIn, 0), 0, 'crowded', moment, settings), 0)).toBe(seconds(3));
  const told = offended(three, 0, 'crowded', { ...moment, told: seconds(60) }, settings);
  expect(restsFor(told, 0), 'as long as the vendor says').toBe(seconds(60));
});

test('no key is ever used while it rests, nor is the next one later than need be', () => {
  const step = fc.record({
    does: fc.constantFrom('refused' as const, 'crowded' as const, 'accepted' as const),
    after: fc.integer({ min: 0, max: 30 }),
    draw: fc.double({ min: 0, max: 0.99, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let ring = three;
      let at = now;
      for (const { does, after, draw } of steps) {
        const choice = nextKey(ring, at, settings);
        const times = ring.map(({ restsUntil, usedAt }) => [restsUntil, (usedAt ?? 0n) + settings.apart, at]);
        const free = times.map((all) => all.reduce((a, b) => (a > b ? a : b)));
        expect(choice.at).toBe(free[choice.key]);
        expect(free.every((time) => time >= choice.at)).toBe(true);
        ring = used(ring, choice.key, choice.at);
        at = choice.at + seconds(after);
        if (does === 'accepted') ring = accepted(ring, choice.key);
        else ring = offended(ring, choice.key, does, { now: at, draw }, settings);
      }
    }),
  );
});

test('logs name a key so that nobody can log in with it', () => {
  const label = labelOf({ id: 'PKSECRET', secret: 'hush' });
  expect(label).toMatch(/^key-[0-9a-f]{8}$/);
  expect(ringOf([{ id: 'PKSECRET', secret: 'hush' }])).toMatchObject([{ label }]);
  expect(() => ringOf([])).toThrow('no key to log in with');
});
