import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../../../../../market/clock.ts';
import type { MarketEvent } from '../../../../../market/event.ts';
import { day, minute, second } from '../../../../../market/nanos.ts';
import type { Papertape } from '../../../../../server/index.ts';
import { playToEnd, type Query } from '../../../../helpers/asker.ts';
import { opening, quote, trade } from '../../../../helpers/events.ts';
import { PolygonAsker } from '../../../../helpers/polygon-asker.ts';
import { serve } from '../../../../helpers/serve.ts';

const coin = { market: 'crypto', symbol: 'BTC/USD', exchange: '1', tape: undefined, conditions: [] } as const;
const pair = { market: 'forex', symbol: 'EUR/USD', bidSize: 0, askSize: 0 } as const;
const contract = { market: 'options', symbol: 'AAPL261218C00230000', exchange: '302', tape: undefined } as const;
const index = { kind: 'value', market: 'indices', symbol: 'SPX' } as const;

const tape: readonly MarketEvent[] = [
  trade(opening - day, { price: 200, size: 100 }),
  { ...index, at: opening - day, value: 6000 },
  trade(opening, { id: '5', price: 210, size: 100.5, conditions: ['@', 'I'] }),
  trade(opening + second, { id: '6', price: 220, size: 200, exchange: 'P' }),
  quote(opening + 2n * second, { bidPrice: 219.5, askPrice: 220.5, bidSize: 300, askSize: 200 }),
  trade(opening + 3n * second, { ...coin, id: '77', price: 61000.5, size: 0.25, taker: 'buy' }),
  trade(opening + 4n * second, { ...contract, price: 11, size: 2, conditions: ['233'] }),
  quote(opening + 5n * second, { ...contract, bidPrice: 11, askPrice: 12, bidExchange: '302', askExchange: '313' }),
  trade(opening + 5n * second, { ...contract, symbol: 'AAPL261218P00240000', price: 14, size: 1 }),
  trade(opening + 5n * second, { ...contract, symbol: 'AAPL270115C00250000', price: 9, size: 1 }),
  quote(opening + 6n * second, { ...pair, bidPrice: 1.17, askPrice: 1.19 }),
  { ...index, at: opening + 7n * second, value: 6060 },
  { kind: 'fair-value', market: 'stocks', symbol: 'AAPL', at: opening + 8n * second, value: 219.9 },
  trade(opening + 3n * minute, { symbol: 'MSFT', price: 500, size: 100 }),
];

let papertape: Papertape;
let asker: PolygonAsker;
beforeAll(async () => {
  const clock = new ManualClock(opening);
  const keys = [{ key: 'key' }, { key: 'free', plan: 'basic' }, { key: 'late', plan: 'developer' }];
  papertape = await serve(tape, {}, { keys, endpoints: { polygon: { serverPing: 'off' } } }, clock);
  asker = new PolygonAsker(papertape);
  await playToEnd(papertape, clock);
});
afterAll(async () => papertape[Symbol.asyncDispose]());

const ns = (at: bigint): number => Number(at);
const snapshot = async (ticker: string) => (await asker.rowsOf('/v3/snapshot', { ticker }))[0];

test('a stock has its last minute, quote and trade, its session and what it is worth', async () => {
  expect(await snapshot('AAPL')).toEqual({
    fmv: 219.9,
    fmv_last_updated: ns(opening + 8n * second),
    last_minute: { close: 220, high: 220, low: 220, open: 220, transactions: 2, volume: 300.5, vwap: 220, decimal_volume: '300.5' },
    last_quote: { ask: 220.5, ask_size: 200, bid: 219.5, bid_size: 300, last_updated: ns(opening + 2n * second), timeframe: 'REAL-TIME' },
    last_trade: { exchange: 11, id: '6', last_updated: ns(opening + second), price: 220, size: 200, decimal_size: '200.0', timeframe: 'REAL-TIME' },
    last_updated: ns(opening + second),
    market_status: 'open',
    name: 'AAPL',
    session: { change: 20, change_percent: 10, close: 220, high: 220, low: 220, open: 220, previous_close: 200, price: 220, volume: 300.5, decimal_volume: '300.5' },
    ticker: 'AAPL',
    type: 'stocks',
  }); // prettier-ignore
});

test('an option has its terms, where it breaks even and what it is on', async () => {
  expect(await snapshot('O:AAPL261218C00230000')).toMatchObject({
    break_even_price: 241.5,
    details: { contract_type: 'call', expiration_date: '2026-12-18', strike_price: 230, underlying_ticker: 'AAPL' },
    last_quote: { ask: 12, ask_exchange: 313, bid: 11, bid_exchange: 302, midpoint: 11.5 },
    last_trade: { conditions: [233], exchange: 302, price: 11, sip_timestamp: ns(opening + 4n * second), size: 2 },
    name: 'AAPL $230 Call',
    type: 'options',
    underlying_asset: { change_to_break_even: 21.5, price: 220, ticker: 'AAPL', timeframe: 'REAL-TIME' },
  });
});

test('coins, currencies and indices have the fields of their market', async () => {
  expect(await snapshot('X:BTCUSD')).toMatchObject({
    last_trade: { conditions: [2], exchange: 1, id: '77', price: 61000.5, size: 0.25 },
    market_status: 'open',
    session: { change: 0, close: 61000.5, volume: 0.25 },
    type: 'crypto',
  });
  expect(await snapshot('C:EURUSD')).toMatchObject({
    last_quote: { ask: 1.19, ask_exchange: 48, bid: 1.17, bid_exchange: 48, last_updated: ns(opening + 6n * second) },
    session: { close: 1.18 },
    type: 'fx',
  });
  const row = {
    last_updated: ns(opening + 7n * second),
    market_status: 'regular_trading',
    name: 'SPX',
    session: { change: 60, change_percent: 1, close: 6060, high: 6060, low: 6060, open: 6060, previous_close: 6000 },
    ticker: 'I:SPX',
    timeframe: 'REAL-TIME',
    type: 'indices',
    value: 6060,
  };
  expect(await snapshot('I:SPX')).toEqual(row);
  expect(await asker.rowsOf('/v3/snapshot/indices', { 'ticker.any_of': 'I:SPX,I:NDX,AAPL' })).toEqual([
    row,
    { error: 'NOT_FOUND', message: 'Ticker not found.', ticker: 'I:NDX' },
    { error: 'NOT_FOUND', message: 'Ticker not found.', ticker: 'AAPL' },
  ]);
});

const tickers = async (query: Query): Promise<unknown[]> =>
  (await asker.rowsOf('/v3/snapshot', { limit: 2, ...query })).map(({ ticker }) => ticker);

test('page after page tells each ticker once, those named as they are named', async () => {
  const all = ['AAPL', 'C:EURUSD', 'I:SPX', 'MSFT', 'O:AAPL261218C00230000', 'O:AAPL261218P00240000', 'O:AAPL270115C00250000', 'X:BTCUSD']; // prettier-ignore
  expect(await tickers({})).toEqual(all);
  expect(await tickers({ order: 'desc' })).toEqual(all.toReversed());
  expect(await tickers({ type: 'stocks' })).toEqual(['AAPL', 'MSFT']);
  expect(await tickers({ 'ticker.gte': 'C', 'ticker.lt': 'O' })).toEqual(['C:EURUSD', 'I:SPX', 'MSFT']);
  const named = ['X:BTCUSD', 'NONE', 'MSFT', 'AAPL', 'I:SPX'];
  expect(await tickers({ 'ticker.any_of': named.join(',') })).toEqual(named);
});

test('a chain is what the tapes hold of its underlying, by strike, expiration and kind', async () => {
  const chain = async (query: Query): Promise<unknown[]> =>
    (await asker.rowsOf('/v3/snapshot/options/AAPL', query)).map(({ details }) => Object(details).ticker);
  const [call, put, later] = ['O:AAPL261218C00230000', 'O:AAPL261218P00240000', 'O:AAPL270115C00250000'];
  expect(await chain({ limit: 2 })).toEqual([call, put, later]);
  expect(await chain({ sort: 'strike_price', order: 'desc', limit: 1 })).toEqual([later, put, call]);
  expect(await chain({ contract_type: 'call', 'expiration_date.lte': '2026-12-31' })).toEqual([call]);
  expect(await chain({ 'strike_price.gt': 230, 'strike_price.lte': 250 })).toEqual([put, later]);
  expect(await asker.rowsOf('/v3/snapshot/options/MSFT')).toEqual([]);
  const [row] = await asker.rowsOf('/v3/snapshot/options/AAPL', { contract_type: 'call' });
  expect(row).toMatchObject({
    break_even_price: 241.5,
    day: { close: 11, open: 11, volume: 2, vwap: 11, change: 0 },
    details: { ticker: call, shares_per_contract: 100 },
    underlying_asset: { ticker: 'AAPL', price: 220 },
  });
  expect((await asker.get(`/v3/snapshot/options/AAPL/${call}`))['results']).toEqual(row);
  expect((await asker.ask('/v3/snapshot/options/AAPL/O:NONE')).status).toBe(404);
});

test('a plan sees what it pays for, row by row', async () => {
  const free = new PolygonAsker(papertape, 'free');
  expect(await free.rowsOf('/v3/snapshot', { ticker: 'AAPL' })).toEqual([
    { error: 'NOT_ENTITLED', message: 'Not entitled to this ticker.', ticker: 'AAPL' },
  ]);
  const late = new PolygonAsker(papertape, 'late');
  const [stock] = await late.rowsOf('/v3/snapshot', { ticker: 'AAPL' });
  expect(stock).toMatchObject({ last_trade: { price: 200, timeframe: 'DELAYED' } });
  expect(stock).not.toHaveProperty('last_quote');
  expect((await free.ask('/v3/snapshot/options/AAPL')).status).toBe(403);
});
