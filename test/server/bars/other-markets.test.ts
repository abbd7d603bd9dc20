import { expect, test } from 'vitest';
import { opening, quote, trade } from '../../helpers/events.ts';
import { barsOf, minute, second } from './bar-fixture.ts';
import { value } from './derivers.ts';

const euro = { market: 'forex', symbol: 'EUR/USD' } as const;
const quotes = [
  quote(opening, { ...euro, bidPrice: 1.1702, askPrice: 1.1704 }),
  quote(opening + second, { ...euro, bidPrice: 1.1706, askPrice: 1.1708 }),
  quote(opening + 70n * second, { ...euro, bidPrice: 1.1701, askPrice: 1.1703 }),
];

test('minutes of currencies are made of quotes: as much volume as quotes, prices halfway between bid and ask', async () => {
  const tape = [...quotes, trade(opening + 80n * second, { ...euro, price: 9, size: 100 })];
  expect(await barsOf('bar', tape, { recorded: ['quote', 'trade'] })).toMatchObject([
    { start: opening, open: 1.1703, high: 1.1707, low: 1.1703, close: 1.1707, volume: 2, trades: 2, dayVolume: 2 },
    { start: opening + minute, open: 1.1702, close: 1.1702, volume: 1, dayVolume: 3, dayOpen: 1.1703 },
  ]);
});

test('the day of currencies, from 17:00 New York, counts its quotes too', async () => {
  const days = await barsOf('daily-bar', quotes, { recorded: ['quote'] });
  expect(days.at(-1)).toMatchObject({ start: opening - 17n * 60n * minute - 30n * minute, volume: 3, low: 1.1702 });
});

test('a tape of currencies with trades and without quotes has minutes of its trades', async () => {
  const tape = [trade(opening, { ...euro, symbol: 'USD/COP', price: 4075.2, size: 250_000 })];
  expect(await barsOf('bar', tape, { recorded: ['trade'] })).toMatchObject([{ close: 4075.2, volume: 250_000 }]);
});

test('quotes of other markets make no bars', async () => {
  const coin = { market: 'crypto', symbol: 'BTC/USD' } as const;
  expect(await barsOf('bar', [quote(opening), quote(opening, coin)], { recorded: ['quote'] })).toEqual([]);
});

test('an index has minutes and a day of its values, without volume', async () => {
  const values = [6201.5, 6203, 6199.25].map((level, i) => value(opening + BigInt(i) * second, { value: level }));
  const known = {
    open: 6201.5,
    high: 6203,
    low: 6199.25,
    close: 6199.25,
    volume: 0,
    trades: 0,
    averageSize: undefined,
  };
  expect(await barsOf('bar', values)).toMatchObject([{ ...known, start: opening, vwap: 6199.25, dayOpen: 6201.5 }]);
  expect((await barsOf('daily-bar', values)).at(-1)).toMatchObject(known);
});

test('minutes and days of a future say how much money was traded', async () => {
  const tape = [6540, 6541].map((price, i) =>
    trade(opening + BigInt(i), { market: 'futures', symbol: 'ESZ6', price, size: 2 }),
  );
  expect(await barsOf('bar', tape)).toMatchObject([{ volume: 4, turnover: 26_162 }]);
  expect((await barsOf('daily-bar', tape)).at(-1)).toMatchObject({ volume: 4, turnover: 26_162 });
});
