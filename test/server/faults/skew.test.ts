import { expect, test } from 'vitest';
import { said, strike, tongues, trades } from '../../helpers/strike.ts';

test("the exchange's clock is ahead while it lasts, and nobody else notices", async () => {
  const { healthy, struck, other } = await strike({ skew: { by: '1500ms' } });
  expect(said(struck)[5]).toEqual({ ...said(healthy)[5], t: '2026-07-01T14:30:06.5Z' });
  expect([...struck.slice(0, 5), ...struck.slice(15)]).toEqual([...healthy.slice(0, 5), ...healthy.slice(15)]);
  expect(other).toEqual(healthy);
});

test('it is behind if so wished, in milliseconds and in seconds where an exchange has no finer ones', async () => {
  for (const [tongue, field, off] of [
    [tongues.polygon, 't', 2000],
    [tongues.twelvedata, 'timestamp', 2],
  ] as const) {
    const { healthy, struck } = await strike({ skew: { by: '2s', direction: 'behind' } }, {}, trades, tongue);
    const [before, after] = [said(healthy)[7], said(struck)[7]];
    expect(after).toEqual({ ...before, [field]: Number(before?.[field]) - off });
  }
});
