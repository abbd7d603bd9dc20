import { expect, test } from 'vitest';
import { barsOf, trade } from './bar-fixture.ts';

const settles = trade('2026-07-01T14:30:10Z', 100, 100);

/** What a bar shows after one regular trade at 100 and one at 110 with these conditions. */
async function after(conditions: readonly string[], tape: 'A' | 'B' | 'C' | 'O' = 'C'): Promise<string> {
  const [bar] = await barsOf('bar', [settles, trade('2026-07-01T14:30:20Z', 110, 50, { conditions, tape })]);
  return `o${bar?.open} h${bar?.high} l${bar?.low} c${bar?.close} v${bar?.volume} n${bar?.trades}`;
}

const everything = 'o100 h110 l100 c110 v150 n2';
const volumeOnly = 'o100 h100 l100 c100 v150 n2';
const notTheClose = 'o100 h110 l100 c100 v150 n2';
const nothing = 'o100 h100 l100 c100 v100 n1';

test('regular trades, sweeps, crosses and auction prints count fully', async () => {
  for (const conditions of [[], ['@'], [' '], ['@', 'F'], ['X'], ['O'], ['5'], ['6'], ['L'], ['K']]) {
    expect([conditions, await after(conditions)]).toEqual([conditions, everything]);
  }
});

test('odd lots, cash, next-day, average-price and contingent trades touch the volume only', async () => {
  for (const letter of ['I', 'C', 'N', 'R', 'H', 'U', 'V', 'W', '7']) {
    expect([letter, await after([letter])]).toEqual([letter, volumeOnly]);
  }
});

test('late and derivatively priced trades move high and low but not the close', async () => {
  for (const letter of ['4', 'G', 'P', 'Z']) expect([letter, await after([letter])]).toEqual([letter, notTheClose]);
});

test('official opens and closes of a market centre are no trades at all', async () => {
  expect(await after(['M'])).toBe(nothing);
  expect(await after(['Q'])).toBe(nothing);
});

test('a corrected consolidated close prices the bar without being counted again', async () => {
  expect(await after(['9'])).toBe('o100 h110 l100 c110 v100 n1');
});

test('B is an average price on tapes A and B but a bunched, regular trade on C and O', async () => {
  expect([await after(['B'], 'A'), await after(['B'], 'B')]).toEqual([volumeOnly, volumeOnly]);
  expect([await after(['B'], 'C'), await after(['B'], 'O')]).toEqual([everything, everything]);
});

test('the strictest of several conditions wins', async () => {
  expect(await after(['@', 'F', 'I'])).toBe(volumeOnly);
  expect(await after(['T', 'Z'])).toBe(notTheClose);
  expect(await after(['I', 'M'])).toBe(nothing);
});

test('a condition nobody knows counts as regular', async () => {
  expect(await after(['~', 'ABC', 'é'])).toBe(everything);
});

test('a trade that may only come first sets open and close of an empty bar', async () => {
  const early = trade('2026-07-01T14:30:00Z', 90, 10, { conditions: ['Z'] });
  expect(await barsOf('bar', [early])).toMatchObject([{ open: 90, high: 90, low: 90, close: 90, volume: 10 }]);
  expect(await barsOf('bar', [early, settles])).toMatchObject([{ open: 90, high: 100, low: 90, close: 100 }]);
});

test('the average price leaves out what may not set high and low', async () => {
  const odd = trade('2026-07-01T14:30:20Z', 500, 50, { conditions: ['I'] });
  const more = trade('2026-07-01T14:30:30Z', 103, 200);
  expect(await barsOf('bar', [settles, odd, more])).toMatchObject([{ vwap: 102, volume: 350 }]);
});

test('letters mean nothing on crypto trades', async () => {
  const coin = trade('2026-07-01T14:30:10Z', 100, 0.5, { market: 'crypto', conditions: ['I'] });
  expect(await barsOf('bar', [coin])).toMatchObject([{ open: 100, volume: 0.5 }]);
});

test('Form T makes the bars before the open, but only volume of the day', async () => {
  const early = trade('2026-07-01T12:00:05Z', 99, 100, { conditions: ['@', 'T'] });
  const open = trade('2026-07-01T13:30:05Z', 100, 10);
  expect(await barsOf('bar', [early])).toMatchObject([{ open: 99, volume: 100 }]);
  const days = await barsOf('daily-bar', [early, open]);
  expect(days.at(-1)).toMatchObject({ open: 100, high: 100, low: 100, close: 100, volume: 110, trades: 2 });
});
