import { expect, test } from 'vitest';
import type { PapertapeOptions } from '../../server/index.ts';
import { steered } from '../helpers/admin.ts';

const hour: PapertapeOptions['scenario'] = {
  name: 'hour',
  tapes: [
    {
      synthetic: {
        symbols: ['AAPL', 'BTC/USD'],
        from: '2026-07-01T10:00:00-04:00',
        to: '2026-07-01T11:00:00-04:00',
        rate: 5,
      },
    },
  ],
  replay: { startOn: 'command', mode: 'single_pass', timestamps: 'shifted' },
  timeline: [
    { id: 'mute', at: '5m', for: '30s', inject: { mute: {} } },
    { id: 'cut', after: 'mute', plus: '10s', inject: { hangUp: {} } },
    { id: 'late', market: '10:45', inject: { reset: {} } },
    { id: 'never-ends', market: '10:50', for: 'run', inject: { drop: {} } },
  ],
};

test('a day is told whole before it is played: what is traded in each stretch, and the faults that are planned', async () => {
  await using desk = await steered({ scenario: hour });
  const day = await desk.api.getDay();
  expect(day).toMatchObject({ from: '2026-07-01T14:00:00.000Z', lengthMs: 10_000 });
  expect(day.stretches).toHaveLength(360);
  expect(day.stretches.every(({ trades, turnover }) => trades > 0 === turnover > 0)).toBe(true);
  expect(day.stretches.filter(({ trades }) => trades > 0).length).toBeGreaterThan(100);
  expect(day.faults).toMatchObject([
    { id: 'mute', at: '2026-07-01T14:05:00.000Z', until: '2026-07-01T14:05:30.000Z', sentence: expect.any(String) },
    { id: 'cut', at: '2026-07-01T14:05:40.000Z' },
    { id: 'late', at: '2026-07-01T14:45:00.000Z' },
    { id: 'never-ends', at: '2026-07-01T14:50:00.000Z' },
  ]);
  expect(await desk.api.getDay({ at: '10:30' })).toEqual(day);
  await expect(desk.api.getDay({ at: 'noon-ish' })).rejects.toMatchObject({ problem: { status: 422 } });
});

test('bars are told as far as the tape has played, in market time, and those of the future are not', async () => {
  await using desk = await steered({ scenario: hour });
  const { api } = desk;
  expect(await api.listSymbols()).toEqual([
    { market: 'stocks', symbol: 'AAPL' },
    { market: 'crypto', symbol: 'BTC/USD' },
  ]);
  expect(await api.listBars({ symbol: 'AAPL' })).toEqual([]);
  await api.setSpeed(1000);
  await api.play();
  await expect.poll(async () => (await api.getRun('default')).phase, { timeout: 20_000 }).toBe('ended');
  const all = await api.listBars({ symbol: 'AAPL' });
  expect(all.length).toBeGreaterThan(50);
  expect(all[0]).toMatchObject({ at: '2026-07-01T14:00:00.000Z', volume: expect.any(Number) });
  for (const { open, high, low, close } of all)
    expect([open, close].every((one) => one <= high && one >= low)).toBe(true);
  const since = '2026-07-01T14:30:00.000Z';
  expect(await api.listBars({ symbol: 'AAPL', since })).toEqual(all.filter(({ at }) => at >= since));
  expect(await api.listBars({ symbol: 'AAPL', limit: 3 })).toEqual(all.slice(-3));
  await api.seek('10:20');
  const before = await api.listBars({ symbol: 'AAPL' });
  expect(before.at(-1)?.at.slice(0, 16)).toMatch(/^2026-07-01T14:(?:1\d|20)/);
  await expect(api.listBars({ symbol: 'NONE' })).rejects.toMatchObject({ problem: { status: 404 } });
});
