import { expect, test } from 'vitest';
import { strike, tongues, trades } from '../../helpers/strike.ts';

test.each([tongues.alpaca, tongues.msgpack, tongues.twelvedata])(
  'bytes of every frame are flipped while it lasts on $path, and nobody else notices',
  async (tongue) => {
    const { healthy, struck, other } = await strike({ corrupt: { bytes: 3 } }, {}, trades, tongue);
    expect(struck.map((payload) => payload.length)).toEqual(healthy.map((payload) => payload.length));
    const flipped = struck.map((payload, at) => payload.filter((byte, i) => byte !== healthy[at]?.[i]).length);
    expect(flipped).toEqual(healthy.map((_, at) => (at >= 5 && at < 15 ? 3 : 0)));
    expect(other).toEqual(healthy);
  },
);

test('with a probability some frames are, the same bytes for the same seed', async () => {
  const half = { probability: 0.5 };
  const once = await strike({ corrupt: {} }, half, trades, undefined, { seed: 11 });
  const again = await strike({ corrupt: {} }, half, trades, undefined, { seed: 11, replay: { speed: 'max' } });
  const other = await strike({ corrupt: {} }, half, trades, undefined, { seed: 12 });
  expect(again.struck).toEqual(once.struck);
  expect(other.struck).not.toEqual(once.struck);
  const spoilt = once.struck.filter((payload, at) => !payload.equals(once.healthy[at] ?? Buffer.alloc(0))).length;
  expect(spoilt).toBeGreaterThan(0);
  expect(spoilt).toBeLessThan(10);
});
