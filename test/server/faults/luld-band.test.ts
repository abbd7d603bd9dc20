import { expect, test } from 'vitest';
import { ids, range, said, strike, tongues, trades } from '../../helpers/strike.ts';

test('a price band is published behind the next trade, once, and nobody else notices', async () => {
  const { healthy, struck, other } = await strike({ luldBand: { width: 0.1 } });
  expect(ids(struck)).toEqual(range(1, 30));
  const bands = said(struck).filter(({ T }) => T === 'l');
  expect(bands).toEqual([{ T: 'l', S: 'AAPL', u: 253.06, d: 207.05, i: 'B', t: '2026-07-01T14:30:05Z', z: 'C' }]);
  expect(struck.slice(6)).toEqual(healthy.slice(6));
  expect(other).toEqual(healthy);
});

test('a pause follows at once if so wished, until the step is over', async () => {
  const { healthy, struck, other } = await strike({ luldBand: { pause: true } });
  expect(ids(struck)).toEqual([...range(1, 6), ...range(16, 30)]);
  const notices = said(struck)
    .filter(({ T }) => T === 'l' || T === 's')
    .map(({ T, sc }) => sc ?? T);
  expect(notices).toEqual(['l', 'P', 'T', 'l']);
  expect(struck.slice(-15)).toEqual(healthy.slice(-15));
  expect(other).toEqual(healthy);
});

test('the band has the fields of its exchange', async () => {
  const { struck } = await strike({ luldBand: { width: 0.1 } }, {}, trades, tongues.polygon);
  expect(said(struck).filter(({ ev }) => ev === 'LULD')).toMatchObject([
    { T: 'AAPL', h: 253.06, l: 207.05, i: [21], z: 3 },
  ]);
});
