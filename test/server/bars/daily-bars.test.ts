import { expect, test } from 'vitest';
import type { Bar } from '../../../market/event.ts';
import { bar as barAt } from '../../helpers/events.ts';
import { at, barsOf, minute, schedule, trade } from './bar-fixture.ts';

test('the day so far follows every minute mark from 09:31 New York, from local midnight', async () => {
  const tape = [
    trade('2026-07-01T13:28:30Z', 9, 100, { conditions: ['@', 'T'] }),
    trade('2026-07-01T13:30:30Z', 10, 100),
    trade('2026-07-01T13:32:30Z', 12, 50),
  ];
  const days = await barsOf('daily-bar', tape);
  const marks = ['2026-07-01T13:31:00Z', '2026-07-01T13:32:00Z', '2026-07-01T13:33:00Z'];
  expect(days.map((bar) => bar.at)).toEqual(marks.map((mark) => at(mark) + schedule.daily));
  expect(days.map(({ high, volume }) => [high, volume])).toEqual([
    [10, 200],
    [10, 200],
    [12, 250],
  ]);
  expect(new Set(days.map(({ start }) => start))).toEqual(new Set([at('2026-07-01T04:00:00Z')]));
});

test('in winter the day starts at 05:00Z and its first bar follows 14:31Z', async () => {
  const days = await barsOf('daily-bar', [trade('2026-01-05T14:30:30Z', 10, 100)]);
  expect(days).toMatchObject([{ start: at('2026-01-05T05:00:00Z'), at: at('2026-01-05T14:31:00Z') + schedule.daily }]);
});

test('it is sent again unchanged while the tape goes on, for every symbol of the day', async () => {
  const days = await barsOf('daily-bar', [
    trade('2026-07-01T20:00:30Z', 10, 100),
    trade('2026-07-01T20:05:30Z', 20, 100, { symbol: 'MSFT' }),
  ]);
  expect(days.filter(({ symbol }) => symbol === 'AAPL')).toHaveLength(6);
  expect(new Set(days.filter(({ symbol }) => symbol === 'AAPL').map(({ volume }) => volume))).toEqual(new Set([100]));
});

test('after 20:10 New York it is not repeated any more', async () => {
  const days = await barsOf('daily-bar', [
    trade('2026-07-02T00:07:30Z', 10, 100),
    trade('2026-07-02T01:00:30Z', 10, 1, { symbol: 'MSFT', conditions: ['T'] }),
  ]);
  expect(days.map((day) => day.at - schedule.daily)).toEqual(
    ['08', '09', '10'].map((past) => at(`2026-07-02T00:${past}:00Z`)),
  );
});

test('a new day starts from nothing and the night brings none', async () => {
  const days = await barsOf('daily-bar', [
    trade('2026-07-02T03:58:30Z', 10, 100),
    trade('2026-07-02T08:00:30Z', 30, 7, { conditions: ['T'] }),
    trade('2026-07-02T13:30:30Z', 20, 100),
  ]);
  expect(days.map(({ start, volume }) => [start, volume])).toEqual([
    [at('2026-07-01T04:00:00Z'), 100],
    [at('2026-07-02T04:00:00Z'), 107],
  ]);
});

test('crypto days are those of UTC, and their last minute is not lost at midnight', async () => {
  const coin = (text: string, size: number) =>
    trade(text, 100, size, { symbol: 'BTC/USD', market: 'crypto', conditions: [] });
  const days = await barsOf('daily-bar', [
    coin('2026-07-01T23:59:10Z', 0.1),
    coin('2026-07-01T23:59:50Z', 0.2),
    coin('2026-07-02T00:00:00.100Z', 0.5),
  ]);
  expect(days.map(({ start, volume }) => [start, volume])).toEqual([
    [at('2026-07-01T00:00:00Z'), 0.3],
    [at('2026-07-02T00:00:00Z'), 0.5],
    [at('2026-07-02T00:00:00Z'), 0.5],
  ]);
});

test('currency days start at 17:00 New York', async () => {
  const days = await barsOf('daily-bar', [
    trade('2026-07-05T21:00:30Z', 1.1, 1, { market: 'forex', symbol: 'EUR/USD' }),
  ]);
  expect(days[0]?.start).toBe(at('2026-07-05T21:00:00Z'));
});

test('the day volume of a minute bar ends with its minute', async () => {
  const bars = await barsOf('bar', [
    trade('2026-07-01T14:30:10Z', 10, 100),
    trade('2026-07-01T14:31:00.010Z', 10, 40),
    trade('2026-07-01T14:32:10Z', 10, 5),
  ]);
  expect(bars.map(({ dayVolume }) => dayVolume)).toEqual([100, 140, 145]);
});

test('a minute bar tells the opening and the average price of its day, up to its minute', async () => {
  const bars = await barsOf('bar', [
    trade('2026-07-01T14:30:10Z', 10, 100),
    trade('2026-07-01T14:30:20Z', 12, 301),
    // Before the first bar leaves, and yet of the next minute.
    trade('2026-07-01T14:31:00.010Z', 20, 401),
  ]);
  expect(bars).toMatchObject([
    { dayOpen: 10, dayVwap: 11.501247, vwap: 11.501247, averageSize: 201 },
    { dayOpen: 10, dayVwap: 15.750623, vwap: 20, averageSize: 401 },
  ]);
});

test('a tape of minute bars alone still has its day, priced by regular hours', async () => {
  const bar = (start: string, close: number): Bar => {
    const prices = { open: close - 1, high: close + 1, low: close - 2, close, vwap: close };
    return barAt('bar', at(start), at(start), { ...prices, volume: 100, trades: 3 });
  };
  const tape = [bar('2026-07-01T13:29:00Z', 50), bar('2026-07-01T13:30:00Z', 10), bar('2026-07-01T13:31:00Z', 20)];
  const days = await barsOf('daily-bar', tape, { recorded: ['bar'] });
  expect(days.at(-1)).toMatchObject({ open: 9, high: 21, low: 8, close: 20, volume: 300, trades: 9, vwap: 15 });
  expect(days.map((day) => day.at)).toEqual(
    days.map((_, i) => at('2026-07-01T13:31:00Z') + schedule.daily + BigInt(i) * minute),
  );
});

test('recorded daily bars are not made anew', async () => {
  expect(await barsOf('daily-bar', [trade('2026-07-01T14:30:10Z', 10, 100)], { recorded: ['daily-bar'] })).toEqual([]);
});
