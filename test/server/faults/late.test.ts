import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ids, range, said, sorted, strike, trades } from '../../helpers/strike.ts';

test('events come late with their own times, and those after it overtake them; nobody else notices', async () => {
  const { healthy, struck, other } = await strike({ late: { by: '3500ms' } }, { for: '2s' });
  expect(ids(struck)).toEqual([...range(1, 5), 8, 9, 6, 10, 7, ...range(11, 30)]);
  expect(sorted(struck)).toEqual(sorted(healthy));
  expect(other).toEqual(healthy);
});

test('while it lasts all are equally late, in order and in the very bytes, until the exchange closes', async () => {
  const { healthy, struck } = await strike({ late: { by: '2500ms' } }, { at: '0s', for: 'run' });
  expect(struck.slice(0, 30)).toEqual(healthy.slice(0, 30));
  // The bar of the minute is the last event of the tape, and the connection ends with it.
  expect(said(healthy.slice(30))).toMatchObject([{ T: 'b' }]);
  expect(struck).toHaveLength(30);
});

test('no delay, no jitter and no seed loses or repeats an event, and the same seed gives the same order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 8000 }),
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 0, max: 2 ** 31 }),
      async (by, jitter, seed) => {
        const inject = { late: { by: `${by}ms`, jitter: `${jitter}ms` } };
        const once = await strike(inject, {}, trades, undefined, { seed });
        expect(ids(once.struck).toSorted((a, b) => a - b)).toEqual(range(1, 30));
        const again = await strike(inject, {}, trades, undefined, { seed, replay: { speed: 'max' } });
        expect(again.struck).toEqual(once.struck);
      },
    ),
    { numRuns: 5 },
  );
});
