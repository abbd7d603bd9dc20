import { expect, test } from 'vitest';
import { ids, range, said, strike, tongues, trades } from '../../helpers/strike.ts';

test('a trade is reported late with its own time and says that it was sold out of sequence; nobody else notices', async () => {
  const { healthy, struck, other } = await strike({ lateTrade: { by: '10500ms' } }, { times: 1 });
  expect(ids(struck)).toEqual([...range(1, 5), ...range(7, 16), 6, ...range(17, 30)]);
  expect(said(struck)[15]).toEqual({ ...said(healthy)[5], c: ['@', 'Z'] });
  expect(struck.filter((_, at) => at !== 15)).toEqual(healthy.filter((_, at) => at !== 5));
  expect(other).toEqual(healthy);
});

test('it says so in the numbers of an exchange that has no letters', async () => {
  const { struck } = await strike({ lateTrade: { by: '1500ms' } }, { times: 1 }, trades, tongues.polygon);
  expect(said(struck).find(({ i }) => i === '6')).toMatchObject({ c: [33] });
});
