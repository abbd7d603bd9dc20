import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ids, range, strike, trades } from '../../helpers/strike.ts';

test('events are lost while it lasts, all others come as they would have, and nobody else notices', async () => {
  const { healthy, struck, other } = await strike({ drop: {} });
  expect(ids(healthy)).toEqual(range(1, 30));
  expect(struck).toEqual([...healthy.slice(0, 5), ...healthy.slice(15)]);
  expect(other).toEqual(healthy);
});

test('so many events are lost as it may strike times', async () => {
  const { struck } = await strike({ drop: {} }, { for: 'run', times: 3 });
  expect(ids(struck)).toEqual([...range(1, 5), ...range(9, 30)]);
});

test('with a probability some are lost, the same ones for the same seed, and the rest in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), async (seed) => {
      const once = await strike({ drop: {} }, { probability: 0.5 }, trades, undefined, { seed });
      const heard = ids(once.struck);
      expect(heard).toEqual(heard.toSorted((a, b) => a - b));
      expect(
        range(1, 30)
          .filter((id) => !heard.includes(id))
          .every((id) => id > 5 && id <= 15),
      ).toBe(true);
      const again = await strike({ drop: {} }, { probability: 0.5 }, trades, undefined, { seed });
      expect(again.struck).toEqual(once.struck);
      expect(again.other).toEqual(once.healthy);
    }),
    { numRuns: 5 },
  );
});
