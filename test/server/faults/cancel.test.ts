import { expect, test } from 'vitest';
import { said, strike, tongues, trades } from '../../helpers/strike.ts';

test.each([
  ['cancelled', 'C'],
  ['error', 'E'],
] as const)('a trade is taken back as %s some seconds later, and nobody else notices', async (why, a) => {
  const { healthy, struck, other } = await strike({ cancel: { by: '2500ms', why } }, { times: 1 });
  expect(struck.filter((_, at) => at !== 8)).toEqual(healthy);
  const taken = { T: 'x', S: 'AAPL', i: 6, x: 'V', p: 230.05, s: 100, a, z: 'C', t: '2026-07-01T14:30:07.5Z' };
  expect(said(struck.slice(8, 9))).toEqual([taken]);
  expect(other).toEqual(healthy);
});

test('every trade of the step is taken back, in MessagePack too', async () => {
  const { struck } = await strike({ cancel: { by: '1s' } }, {}, trades, tongues.msgpack);
  const taken = said(struck).filter(({ T }) => T === 'x');
  expect(taken.map(({ i }) => i)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
});
