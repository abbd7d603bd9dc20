import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../../../../../market/clock.ts';
import type { MarketEvent } from '../../../../../market/event.ts';
import { day, hour, minute, second } from '../../../../../market/nanos.ts';
import type { Papertape } from '../../../../../server/index.ts';
import { playToEnd } from '../../../../helpers/asker.ts';
import { opening, quote, trade } from '../../../../helpers/events.ts';
import { PolygonAsker } from '../../../../helpers/polygon-asker.ts';
import { serve } from '../../../../helpers/serve.ts';

/** 2026-07-01 10:30 in New York, and the same time of the day before. */
const before = opening - day;
const coin = { market: 'crypto', symbol: 'BTC/USD' } as const;
const pair = { market: 'forex', symbol: 'EUR/USD', exchange: '48' } as const;
const option = { market: 'options', symbol: 'SPY261218C00650000' } as const;

/** Two days of a stock, and one of everything else; its last event is at 11:00 in New York. */
const tape: readonly MarketEvent[] = [
  trade(before, { id: '1', price: 200, size: 100 }),
  trade(before + minute, { id: '2', price: 210, size: 300 }),
  trade(opening - 4n * hour, { id: '3', price: 219, size: 50, conditions: ['T'] }),
  trade(opening + 2n, { id: '4', price: 220, size: 100, sequence: 7, participantAt: opening + 1n, exchange: 'P' }),
  trade(opening + second, { id: '5', price: 222, size: 0.5, conditions: ['@', 'I'], trfId: 202, trfAt: opening + 5n }),
  quote(opening + second, { sequence: 8, conditions: ['R'], indicators: [604] }),
  trade(opening + 30n * second, { ...coin, id: '77', price: 61000.5, size: 0.25, taker: 'buy', exchange: '1' }),
  trade(opening + 40n * second, {
    ...option,
    price: 11.5,
    size: 2,
    exchange: '302',
    conditions: ['233'],
    tape: undefined,
  }),
  quote(opening + 50n * second, { ...option, bidExchange: '302', askExchange: '313', sequence: 9, tape: undefined }),
  quote(opening + minute, { ...pair, bidPrice: 1.17, askPrice: 1.19, bidSize: 0, askSize: 0, conditions: [] }),
  trade(opening + 30n * minute, { id: '6', price: 230, size: 200 }),
];

let papertape: Papertape;
let asker: PolygonAsker;
beforeAll(async () => {
  const clock = new ManualClock(opening);
  papertape = await serve(tape, {}, { endpoints: { polygon: { serverPing: 'off' } } }, clock);
  asker = new PolygonAsker(papertape);
  await playToEnd(papertape, clock);
});
afterAll(async () => papertape[Symbol.asyncDispose]());

const ms = (at: bigint): number => Number(at / 1_000_000n);
const minutes = '/v2/aggs/ticker/AAPL/range/1/minute/2026-06-30/2026-07-01';

test('trades of a stock are told with every field the tape has, to the nanosecond', async () => {
  const { text } = await asker.ask('/v3/trades/AAPL', { order: 'asc', 'timestamp.gte': String(opening), limit: 2 });
  expect(text).toMatch(
    new RegExp(
      '^\\{"results":\\[' +
        `\\{"decimal_size":"100\\.0","exchange":11,"id":"4","participant_timestamp":${opening + 1n},"price":220,"sequence_number":7,"sip_timestamp":${opening + 2n},"size":100,"tape":3\\},` +
        `\\{"conditions":\\[37\\],"decimal_size":"0\\.5","exchange":15,"id":"5","participant_timestamp":${opening + second},"price":222,"sip_timestamp":${opening + second},"size":0,"tape":3,"trf_id":202,"trf_timestamp":${opening + 5n}\\}` +
        '\\],"status":"OK","request_id":"[0-9a-f]{32}","next_url":"[^"]+"\\}$',
    ),
  );
});

test('quotes, and trades of coins and options, have the fields of their market', async () => {
  const [stock] = await asker.rowsOf('/v3/quotes/AAPL');
  expect(stock).toEqual({
    ask_exchange: 15,
    ask_price: 231.49,
    ask_size: 100,
    bid_exchange: 15,
    bid_price: 231.45,
    bid_size: 200,
    conditions: [1],
    indicators: [604],
    participant_timestamp: Number(opening + second),
    sequence_number: 8,
    sip_timestamp: Number(opening + second),
    tape: 3,
  });
  expect(await asker.rowsOf('/v3/trades/X:BTCUSD')).toEqual([
    {
      conditions: [2],
      exchange: 1,
      id: '77',
      participant_timestamp: Number(opening + 30n * second),
      price: 61000.5,
      size: 0.25,
    },
  ]);
  expect(await asker.rowsOf('/v3/trades/O:SPY261218C00650000')).toEqual([
    {
      conditions: [233],
      exchange: 302,
      participant_timestamp: Number(opening + 40n * second),
      price: 11.5,
      sip_timestamp: Number(opening + 40n * second),
      size: 2,
    },
  ]);
  expect(await asker.rowsOf('/v3/quotes/C:EURUSD')).toEqual([
    {
      ask_exchange: 48,
      ask_price: 1.19,
      bid_exchange: 48,
      bid_price: 1.17,
      participant_timestamp: Number(opening + minute),
    },
  ]);
});

test('bounds of time are instants or whole days, and all of them hold', async () => {
  const ids = async (query: object) =>
    (await asker.rowsOf('/v3/trades/AAPL', { order: 'asc', ...query })).map(({ id }) => id);
  expect(await ids({ timestamp: '2026-06-30' })).toEqual(['1', '2']);
  expect(await ids({ 'timestamp.gt': '2026-06-30' })).toEqual(['3', '4', '5', '6']);
  expect(await ids({ 'timestamp.lt': '2026-07-01' })).toEqual(['1', '2']);
  expect(await ids({ 'timestamp.lte': '2026-07-01', 'timestamp.gte': '2026-07-01' })).toEqual(['3', '4', '5', '6']);
  expect(await ids({ timestamp: String(opening + 2n) })).toEqual(['4']);
  expect(await ids({ 'timestamp.gt': String(opening + 2n), 'timestamp.lt': String(opening + 30n * minute) })).toEqual([
    '5',
  ]);
  expect((await asker.rowsOf('/v3/trades/AAPL')).map(({ id }) => id)).toEqual(['6', '5', '4', '3', '2', '1']);
});

test('minute aggregates have the numbers of the bars, and say how many there are', async () => {
  const { text } = await asker.ask(minutes, { limit: 1 });
  expect(text).toMatch(
    /^\{"ticker":"AAPL","queryCount":1,"resultsCount":1,"adjusted":true,"results":\[\{"v":100,"vw":200,"o":200,"c":200,"h":200,"l":200,"t":\d{13},"n":1\}\],"status":"OK","request_id":"[0-9a-f]{32}","count":1,"next_url":"[^"]+"\}$/,
  );
  const rows = await asker.rowsOf(minutes, { sort: 'desc' });
  expect(rows.map(({ t, o, c, v }) => [t, o, c, v])).toEqual([
    [ms(opening + 30n * minute), 230, 230, 200],
    [ms(opening), 220, 220, 100.5],
    [ms(opening - 4n * hour), 219, 219, 50],
    [ms(before + minute), 210, 210, 300],
    [ms(before), 200, 200, 100],
  ]);
});

test('aggregates of any length are made of those of a minute or a day', async () => {
  const rows = async (range: string, ticker = 'AAPL') =>
    (await asker.rowsOf(`/v2/aggs/ticker/${ticker}/range/${range}`)).map(({ t, o, h, l, c, v }) => [t, o, h, l, c, v]);
  const midnight = opening - 10n * hour - 30n * minute;
  const wednesday = [ms(midnight), 220, 230, 220, 230, 350.5];
  expect(await rows('30/minute/2026-06-30/2026-06-30')).toEqual([[ms(before), 200, 210, 200, 210, 400]]);
  expect(await rows('1/hour/2026-07-01/2026-07-01')).toEqual([
    [ms(opening - 4n * hour - 30n * minute), 219, 219, 219, 219, 50],
    [ms(opening - 30n * minute), 220, 220, 220, 220, 100.5],
    [ms(opening + 30n * minute), 230, 230, 230, 230, 200],
  ]);
  expect(await rows('1/day/2026-06-30/2026-07-01')).toEqual([[ms(midnight - day), 200, 210, 200, 210, 400], wednesday]);
  // Weeks begin on Sunday, years on their first day: both hold both days.
  const both = [200, 230, 200, 230, 750.5];
  expect(await rows('1/week/2026-07-01/2026-07-01')).toEqual([[ms(midnight - 3n * day), ...both]]);
  expect(await rows('1/year/2026-03-03/2026-03-04')).toEqual([[Date.parse('2026-01-01T05:00:00Z'), ...both]]);
  expect(await rows('1/month/2026-06-10/2026-07-10')).toEqual([
    [Date.parse('2026-06-01T04:00:00Z'), 200, 210, 200, 210, 400],
    wednesday,
  ]);
  expect(await rows('1/quarter/2026-07-01/2026-07-01')).toEqual([wednesday]);
});

test('a second has an aggregate two seconds later, and currencies have some of their quotes', async () => {
  const seconds = await asker.rowsOf('/v2/aggs/ticker/AAPL/range/1/second/2026-07-01/2026-07-01');
  expect(seconds.map(({ t, c }) => [t, c])).toContainEqual([ms(opening), 220]);
  const days = await asker.rowsOf('/v2/aggs/ticker/C:EURUSD/range/1/day/2026-07-01/2026-07-01');
  expect(days.map(({ t, v, o }) => [t, v, o])).toEqual([[Date.parse('2026-07-01T00:00:00Z'), 1, 1.18]]);
});

test('an unknown ticker has no rows and no list for them', async () => {
  for (const path of ['/v2/aggs/ticker/NONE/range/1/day/2026-07-01/2026-07-01', '/v2/aggs/ticker/NONE/prev']) {
    expect(await asker.get(path)).toEqual({
      ticker: 'NONE',
      queryCount: 0,
      resultsCount: 0,
      adjusted: true,
      status: 'OK',
      request_id: expect.any(String),
      count: 0,
    });
  }
});

test('the day before and a day of the whole market carry the close of the market', async () => {
  const close = Date.parse('2026-06-30T20:00:00Z');
  const row = { T: 'AAPL', v: 400, vw: 207.5, o: 200, c: 210, h: 210, l: 200, t: close, n: 2 };
  expect((await asker.get('/v2/aggs/ticker/AAPL/prev'))['results']).toEqual([row]);
  const grouped = await asker.get('/v2/aggs/grouped/locale/us/market/stocks/2026-06-30');
  expect(grouped).toMatchObject({ queryCount: 1, resultsCount: 1, adjusted: true, status: 'OK', results: [row] });
  const coins = await asker.get('/v2/aggs/grouped/locale/global/market/crypto/2026-07-01');
  expect(coins['results']).toMatchObject([{ T: 'X:BTCUSD', o: 61000.5, t: Date.parse('2026-07-01T23:59:59.999Z') }]);
});

test('open and close of a day come with the first price before the opening', async () => {
  expect(await asker.get('/v1/open-close/AAPL/2026-07-01')).toEqual({
    status: 'OK',
    from: '2026-07-01',
    symbol: 'AAPL',
    open: 220,
    high: 230,
    low: 220,
    close: 230,
    volume: 350.5,
    preMarket: 219,
  });
  const { status, body } = await asker.ask('/v1/open-close/AAPL/2026-06-29');
  expect([status, body]).toEqual([
    404,
    { status: 'NOT_FOUND', request_id: expect.any(String), message: 'Data not found.' },
  ]);
});
