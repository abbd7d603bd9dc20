import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ids, range, said, strike, trades } from '../../helpers/strike.ts';

const byId = (a: number, b: number): number => a - b;

test('events overtake each other while it lasts, with their own words, none is lost, and nobody else notices', async () => {
  const { healthy, struck, other } = await strike({ reorder: { window: 5 } });
  expect(ids(struck)).not.toEqual(ids(healthy));
  expect(ids(struck).slice(0, 5)).toEqual(range(1, 5));
  expect(ids(struck).slice(5, 10).toSorted(byId)).toEqual(range(6, 10));
  expect(ids(struck).slice(10, 15).toSorted(byId)).toEqual(range(11, 15));
  expect(struck.slice(7)).toEqual(healthy.slice(15));
  expect(new Set(said(struck))).toEqual(new Set(said(healthy)));
  expect(other).toEqual(healthy);
});

test('what it still holds comes when it is over', async () => {
  const { healthy, struck } = await strike({ reorder: { window: 100 } });
  expect(ids(struck).toSorted(byId)).toEqual(range(1, 30));
  expect(ids(struck).slice(0, 5)).toEqual(range(1, 5));
  expect(ids(struck).slice(5, 15).toSorted(byId)).toEqual(range(6, 15));
  expect(struck.at(-1)).toEqual(healthy.at(-1));
});

test('no window and no seed loses or repeats an event, and the same seed gives the same order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 0, max: 2 ** 31 }), async (window, seed) => {
      const once = await strike({ reorder: { window } }, {}, trades, undefined, { seed });
      expect(ids(once.struck).toSorted(byId)).toEqual(range(1, 30));
      const again = await strike({ reorder: { window } }, {}, trades, undefined, { seed, replay: { speed: 'max' } });
      expect(again.struck).toEqual(once.struck);
    }),
    { numRuns: 5 },
  );
});
