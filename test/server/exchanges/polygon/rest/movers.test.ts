import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../../../../../market/clock.ts';
import { day } from '../../../../../market/nanos.ts';
import type { Papertape } from '../../../../../server/index.ts';
import { playToEnd } from '../../../../helpers/asker.ts';
import { opening, quote, trade } from '../../../../helpers/events.ts';
import { PolygonAsker } from '../../../../helpers/polygon-asker.ts';
import { serve } from '../../../../helpers/serve.ts';

/** What each stock closed at the day before, and then at; of the last too little is traded. */
const moves = [
  ['UP', 100, 110],
  ['MORE', 100, 150],
  ['DOWN', 100, 95],
  ['SAME', 100, 100],
  ['THIN', 100, 300],
] as const;
const many = Array.from(
  { length: 22 },
  (_, index) => [`S${String(index).padStart(2, '0')}`, 100, 101 + index] as const,
);

let papertape: Papertape;
let asker: PolygonAsker;
beforeAll(async () => {
  const clock = new ManualClock(opening);
  const stocks = [...moves, ...many];
  const pair = { market: 'forex', symbol: 'EUR/USD' } as const;
  const events = [
    ...stocks.map(([symbol, price]) => trade(opening - day, { symbol, price, size: 10_000 })),
    quote(opening - day, { ...pair, bidPrice: 1, askPrice: 1 }),
    ...stocks.map(([symbol, , price]) => trade(opening, { symbol, price, size: symbol === 'THIN' ? 9999 : 10_000 })),
    quote(opening, { ...pair, bidPrice: 0.9, askPrice: 0.9 }),
    // A day's bar is published after the next minute mark.
    trade(opening + 120_000_000_000n, { symbol: 'SAME', price: 100, size: 100 }),
  ];
  papertape = await serve(events, {}, { endpoints: { polygon: { serverPing: 'off' } } }, clock);
  asker = new PolygonAsker(papertape);
  await playToEnd(papertape, clock);
});
afterAll(async () => papertape[Symbol.asyncDispose]());

const stocks = '/v2/snapshot/locale/us/markets/stocks';
const rows = async (path: string): Promise<readonly (readonly [unknown, unknown])[]> => {
  const { tickers } = await asker.get(path);
  return Array.isArray(tickers) ? tickers.map(({ ticker, todaysChangePerc }) => [ticker, todaysChangePerc]) : [];
};

test('the twenty stocks that gained most are told, best first, of those with ten thousand shares traded', async () => {
  const gainers = await rows(`${stocks}/gainers`);
  expect(gainers).toHaveLength(20);
  expect(gainers.slice(0, 4)).toEqual([
    ['MORE', 50],
    ['S21', 22],
    ['S20', 21],
    ['S19', 20],
  ]);
  expect(gainers.map(([ticker]) => ticker)).not.toContain('THIN');
});

test('losers are those that lost, each with the snapshot it has elsewhere', async () => {
  expect(await rows(`${stocks}/losers`)).toEqual([['DOWN', -5]]);
  const { tickers } = await asker.get(`${stocks}/losers`);
  const { ticker } = await asker.get(`${stocks}/tickers/DOWN`);
  expect(tickers).toEqual([ticker]);
  expect(await rows('/v2/snapshot/locale/global/markets/forex/losers')).toEqual([['C:EURUSD', -10]]);
  expect(await rows('/v2/snapshot/locale/global/markets/crypto/losers')).toEqual([]);
});

test('another direction is refused', async () => {
  const { status, body } = await asker.ask(`${stocks}/sideways`);
  expect([status, body['error']]).toEqual([400, "Invalid 'direction': 'sideways', expected gainers or losers"]);
});
