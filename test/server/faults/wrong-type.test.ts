import { expect, test } from 'vitest';
import { said, strike, tongues, trades } from '../../helpers/strike.ts';

test.each([tongues.alpaca, tongues.msgpack, tongues.polygon, tongues.twelvedata])(
  'in every frame one number is a text while it lasts on $path, and nobody else notices',
  async (tongue) => {
    const { healthy, struck, other } = await strike({ wrongType: {} }, {}, trades, tongue);
    for (const [at, one] of said(struck).entries()) {
      const right = said(healthy)[at] ?? {};
      const wrong = Object.keys(one).filter((key) => typeof one[key] !== typeof right[key]);
      expect(wrong).toHaveLength(at >= 5 && at < 15 ? 1 : 0);
      for (const key of wrong) expect(one[key]).toBe(String(right[key]));
    }
    expect(struck.slice(15)).toEqual(healthy.slice(15));
    expect(other).toEqual(healthy);
  },
);

test('one text is a number where that is wished, the same one for the same seed', async () => {
  const { healthy, struck } = await strike({ wrongType: { turn: 'texts' } }, { times: 1 }, trades, tongues.msgpack);
  const numbers = (heard: typeof struck): number =>
    Object.values(said(heard.slice(5, 6))[0] ?? {})
      .flat()
      .filter((value) => typeof value === 'number').length;
  expect(numbers(struck)).toBe(numbers(healthy) + 1);
  const again = await strike({ wrongType: { turn: 'texts' } }, { times: 1 }, trades, tongues.msgpack);
  expect(again.struck).toEqual(struck);
});
