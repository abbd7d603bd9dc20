import { expect, test } from 'vitest';
import { said, strike, tongues, trades } from '../../helpers/strike.ts';

test('a trade is corrected some seconds later, which whoever hears trades hears; nobody else notices', async () => {
  const { healthy, struck, other } = await strike({ correct: { by: '2500ms' } }, { times: 1 });
  expect(struck.filter((_, at) => at !== 8)).toEqual(healthy);
  const [correction] = said(struck.slice(8, 9));
  const original = { T: 'c', S: 'AAPL', x: 'V', oi: 6, op: 230.05, os: 100, oc: ['@'] };
  const corrected = { ci: 9_000_000_000_006, cs: 100, cc: ['@'], z: 'C', t: '2026-07-01T14:30:07.5Z' };
  expect(correction).toMatchObject({ ...original, ...corrected });
  expect([227.75, 232.35]).toContain(correction?.['cp']);
  expect(other).toEqual(healthy);
});

test('the correction comes also when the step is over by then', async () => {
  const { struck } = await strike({ correct: { by: '12s' } }, { for: '1s' }, trades, tongues.msgpack);
  expect(said(struck).filter(({ T }) => T === 'c')).toMatchObject([{ oi: 6, ci: 9_000_000_000_006 }]);
});

test('an exchange that tells no corrections says nothing', async () => {
  const { healthy, struck } = await strike({ correct: {} }, {}, trades, tongues.polygon);
  expect(struck).toEqual(healthy);
});
