import { expect, test } from 'vitest';
import { ids, range, said, strike, tongues, trades } from '../../helpers/strike.ts';

test('events come in time, stamped a quarter of an hour ago, and nobody else notices', async () => {
  const { healthy, struck, other } = await strike({ stale: { by: '15m' } });
  expect(ids(struck)).toEqual(range(1, 30));
  expect(said(struck)[5]).toEqual({ ...said(healthy)[5], t: '2026-07-01T14:15:05Z' });
  expect([...struck.slice(0, 5), ...struck.slice(15)]).toEqual([...healthy.slice(0, 5), ...healthy.slice(15)]);
  expect(other).toEqual(healthy);
});

test('frozen stamps stand still while the data goes on, in MessagePack too', async () => {
  const { healthy, struck } = await strike({ stale: {} }, {}, trades, tongues.msgpack);
  const stamps = said(struck).map(({ t }) => String(t));
  expect(new Set(stamps.slice(5, 15))).toEqual(new Set([String(said(healthy)[5]?.['t'])]));
  expect(struck.slice(15)).toEqual(healthy.slice(15));
});
