import { expect, test } from 'vitest';
import { opening, trade } from '../../helpers/events.ts';
import { said, strike, tongues, trades } from '../../helpers/strike.ts';

test.each([
  ['null', null],
  ['empty', ''],
  ['negative', -1],
  ['huge', 1e308],
] as const)('the price is %s while it lasts, the rest is as it was, and nobody else notices', async (value, seen) => {
  for (const [tongue, field] of [
    [tongues.alpaca, 'p'],
    [tongues.msgpack, 'p'],
    [tongues.polygon, 'p'],
    [tongues.twelvedata, 'price'],
  ] as const) {
    const { healthy, struck, other } = await strike({ notANumber: { value } }, { times: 10 }, trades, tongue);
    expect(said(struck)).toEqual(
      said(healthy).map((one, at) => (at >= 5 && at < 15 ? { ...one, [field]: seen } : one)),
    );
    expect(other).toEqual(healthy);
  }
});

test('NaN is a bare word in JSON and a float in MessagePack', async () => {
  const text = await strike({ notANumber: { value: 'nan' } }, { times: 1 });
  expect(text.struck[5]?.toString()).toBe(text.healthy[5]?.toString().replace('"p":230.05', '"p":NaN'));
  const binary = await strike({ notANumber: { value: 'nan' } }, { times: 1 }, trades, tongues.msgpack);
  expect(said(binary.struck)[5]).toEqual({ ...said(binary.healthy)[5], p: Number.NaN });
});

test('of several events in a frame only one it is aimed at is spoilt', async () => {
  const at = opening;
  const tape = ['MSFT', 'AAPL', 'MSFT', 'AAPL'].map((symbol, i) =>
    trade(at, { symbol, id: String(i), price: 100 + i }),
  );
  const target = { symbols: ['AAPL'], channels: ['trade' as const] };
  const { healthy, struck } = await strike({ notANumber: {} }, { at: '0s', target }, tape);
  const aimedAt = said(healthy).filter(({ T, S }) => T === 't' && S === 'AAPL');
  const spoilt = said(struck).filter(({ T, p }) => T === 't' && p === null);
  expect(aimedAt).toHaveLength(2);
  expect(spoilt).toHaveLength(1);
  expect(aimedAt).toContainEqual({ ...spoilt[0], p: expect.any(Number) });
  expect(said(struck)).toHaveLength(said(healthy).length);
});
