import { expect, test } from 'vitest';
import { opening, trade } from '../../helpers/events.ts';
import { ids, range, said, sorted, strike, tongues, trades } from '../../helpers/strike.ts';

test('events come twice in the same words while it lasts, and nobody else notices', async () => {
  const { healthy, struck, other } = await strike({ duplicate: {} });
  expect(ids(struck)).toEqual([...range(1, 5), ...range(6, 15).flatMap((id) => [id, id]), ...range(16, 30)]);
  expect(said(struck.slice(5, 6))).toEqual([...said(healthy.slice(5, 6)), ...said(healthy.slice(5, 6))]);
  expect([...struck.slice(0, 5), ...struck.slice(15)]).toEqual([...healthy.slice(0, 5), ...healthy.slice(15)]);
  expect(other).toEqual(healthy);
});

test('copies come later where that is wished, also when it is over meanwhile', async () => {
  const { struck, healthy, other } = await strike({ duplicate: { after: '2500ms' } }, { times: 2 });
  expect(ids(struck)).toEqual([...range(1, 8), 6, 9, 7, ...range(10, 30)]);
  expect(sorted(struck)).toEqual(sorted([...healthy, ...healthy.slice(5, 7)]));
  expect(other).toEqual(healthy);
});

test('where a frame holds one event, so does that of its copy', async () => {
  const { healthy, struck } = await strike({ duplicate: {} }, {}, trades, tongues.twelvedata);
  expect(struck).toEqual(healthy.flatMap((one, at) => (at >= 5 && at < 15 ? [one, one] : [one])));
});

test('however many copies come, no frame is longer than clients take', async () => {
  const burst = Array.from({ length: 300 }, (_, index) => trade(opening, { id: String(index + 1) }));
  const { struck } = await strike({ duplicate: { copies: 50 } }, { at: '0s' }, burst, tongues.polygon);
  expect(ids(struck)).toHaveLength(300 * 51);
  expect(Math.max(...struck.map((payload) => payload.length))).toBeLessThan(2 ** 20);
});
