import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '../../../../../market/clock.ts';
import type { MarketEvent } from '../../../../../market/event.ts';
import { day, minute, second } from '../../../../../market/nanos.ts';
import type { Papertape } from '../../../../../server/index.ts';
import type { ScenarioInput } from '../../../../../server/scenario/schema.ts';
import { playToEnd, type Query } from '../../../../helpers/asker.ts';
import { opening, quote, trade } from '../../../../helpers/events.ts';
import { PolygonAsker } from '../../../../helpers/polygon-asker.ts';
import { serve } from '../../../../helpers/serve.ts';

const open: Papertape[] = [];
afterEach(async () => {
  for (const papertape of open.splice(0)) await papertape[Symbol.asyncDispose]();
});

async function played(events: readonly MarketEvent[], replay: ScenarioInput['replay'] = {}): Promise<PolygonAsker> {
  const clock = new ManualClock(opening);
  const papertape = await serve(events, replay, { endpoints: { polygon: { serverPing: 'off' } } }, clock);
  open.push(papertape);
  await playToEnd(papertape, clock);
  return new PolygonAsker(papertape);
}

const coin = { market: 'crypto', symbol: 'BTC/USD', exchange: '1' } as const;
const pair = { market: 'forex', symbol: 'EUR/USD', bidSize: 0, askSize: 0, conditions: [] } as const;
const tape: readonly MarketEvent[] = [
  trade(opening - day, { price: 200, size: 300 }),
  trade(opening - day, { ...coin, price: 50_000, size: 1 }),
  trade(opening, { id: '4', price: 220, size: 100 }),
  quote(opening + second, { bidSize: 200, askSize: 100 }),
  trade(opening + second, { ...coin, id: '9', price: 60_000, size: 0.5, taker: 'sell' }),
  quote(opening + 2n * second, { ...pair, bidPrice: 1.17, askPrice: 1.19 }),
  trade(opening + 2n * minute, { symbol: 'MSFT', price: 500, size: 10 }),
];
const ms = (at: bigint): number => Number(at / 1_000_000n);
const id: unknown = expect.any(String);

test('a snapshot holds the day, the minute, the day before and the last of trade and quote', async () => {
  const asker = await played(tape);
  const { text, body } = await asker.ask('/v2/snapshot/locale/us/markets/stocks/tickers/AAPL');
  expect(text).toContain(`"updated":${opening}}`);
  expect(body).toEqual({
    request_id: id,
    status: 'OK',
    ticker: {
      day: { c: 220, h: 220, l: 220, o: 220, v: 100, vw: 220, dv: '100.0' },
      lastQuote: { P: 231.49, S: 100, p: 231.45, s: 200, t: Number(opening + second) },
      lastTrade: { c: null, i: '4', p: 220, s: 100, t: Number(opening), x: 15, ds: '100.0' },
      min: {
        av: 100,
        c: 220,
        h: 220,
        l: 220,
        o: 220,
        v: 100,
        vw: 220,
        dv: '100.0',
        t: ms(opening),
        n: 1,
        dav: '100.0',
      },
      prevDay: { c: 200, h: 200, l: 200, o: 200, v: 300, vw: 200 },
      ticker: 'AAPL',
      todaysChange: 20,
      todaysChangePerc: 10,
      updated: Number(opening),
    },
  });
});

test('all tickers of a market are there, or those asked for, and what no tape has is not', async () => {
  const asker = await played(tape);
  const path = '/v2/snapshot/locale/us/markets/stocks/tickers';
  expect(await asker.get(path)).toMatchObject({
    count: 2,
    status: 'OK',
    tickers: [{ ticker: 'AAPL' }, { ticker: 'MSFT' }],
  });
  expect(await asker.get(path, { tickers: 'MSFT,NONE' })).toMatchObject({
    count: 1,
    tickers: [{ ticker: 'MSFT', todaysChange: 0 }],
  });
  for (const unknown of ['NONE', 'X:BTCUSD']) {
    const { status, body } = await asker.ask(`${path}/${unknown}`);
    expect([status, body]).toEqual([404, { status: 'NOT_FOUND', request_id: id, message: 'Ticker not found.' }]);
  }
});

test('coins have times in milliseconds, and currencies a quote without sizes', async () => {
  const asker = await played(tape);
  const coins = await asker.get('/v2/snapshot/locale/global/markets/crypto/tickers/X:BTCUSD');
  expect(coins['ticker']).toMatchObject({
    lastTrade: { c: [1], i: '9', p: 60_000, s: 0.5, t: ms(opening + second), x: 1 },
    prevDay: { c: 50_000 },
    todaysChange: 10_000,
    todaysChangePerc: 20,
  });
  const { tickers } = await asker.get('/v2/snapshot/locale/global/markets/forex/tickers');
  expect(tickers).toMatchObject([
    {
      ticker: 'C:EURUSD',
      lastQuote: { a: 1.19, b: 1.17, t: ms(opening + 2n * second), x: 48 },
      min: { n: 1, o: 1.18 },
    },
  ]);
});

test('the last trade and quote come whatever their conditions, and pairs have their own paths', async () => {
  const asker = await played([
    ...tape,
    trade(opening + 3n * minute, { id: '5', price: 1, size: 1, conditions: ['I'] }),
  ]);
  expect(await asker.get('/v2/last/trade/AAPL')).toMatchObject({
    results: { T: 'AAPL', c: [37], i: '5', p: 1, s: 1, x: 15, z: 3, ds: '1.0' },
    status: 'OK',
  });
  expect((await asker.ask('/v2/last/nbbo/AAPL')).text).toContain(
    `"results":{"p":231.45,"s":200,"x":15,"P":231.49,"S":100,"X":15,"c":[1],"z":3,"T":"AAPL","t":${opening + second},`,
  );
  expect(await asker.get('/v1/last/crypto/BTC/USD')).toEqual({
    last: { conditions: [1], exchange: 1, price: 60_000, size: 0.5, timestamp: ms(opening + second) },
    request_id: id,
    status: 'success',
    symbol: 'BTC-USD',
  });
  expect(await asker.get('/v1/last_quote/currencies/EUR/USD')).toEqual({
    last: { ask: 1.19, bid: 1.17, exchange: 48, timestamp: ms(opening + 2n * second) },
    request_id: id,
    status: 'success',
    symbol: 'EUR/USD',
  });
  expect((await asker.ask('/v2/last/trade/NONE')).status).toBe(404);
});

test('whether markets are open follows the tape, and holidays are those ahead of it', async () => {
  const asker = await played(tape);
  expect(await asker.get('/v1/marketstatus/now')).toMatchObject({
    market: 'open',
    afterHours: false,
    earlyHours: false,
    exchanges: { nasdaq: 'open', nyse: 'open', otc: 'open' },
    currencies: { crypto: 'open', fx: 'open' },
    indicesGroups: { s_and_p: 'open' },
    serverTime: expect.stringMatching(/^2026-07-01T10:3\d:\d\d-04:00$/),
  });
  const { list } = await asker.get('/v1/marketstatus/upcoming');
  expect(list).toEqual(
    expect.arrayContaining([
      { date: '2026-07-03', exchange: 'NYSE', name: 'Independence Day', status: 'closed' },
      { date: '2026-07-03', exchange: 'NASDAQ', name: 'Independence Day', status: 'closed' },
      {
        date: '2026-11-27',
        exchange: 'NYSE',
        name: 'Thanksgiving',
        status: 'early-close',
        open: '2026-11-27T14:30:00.000Z',
        close: '2026-11-27T18:00:00.000Z',
      },
    ]),
  );
});

test('before trading and after it hours are extended, and a weekend is closed but for coins', async () => {
  const statusAt = async (at: bigint) => {
    const asker = await played([trade(at), trade(at + second)]);
    const { market, earlyHours, afterHours, currencies } = await asker.get('/v1/marketstatus/now');
    return [market, earlyHours, afterHours, currencies];
  };
  const openNow = { crypto: 'open', fx: 'open' };
  expect(await statusAt(opening - 120n * minute)).toEqual(['extended-hours', true, false, openNow]);
  expect(await statusAt(opening + 360n * minute)).toEqual(['extended-hours', false, true, openNow]);
  expect(await statusAt(opening + 3n * day)).toEqual(['closed', false, false, { crypto: 'open', fx: 'closed' }]);
});

test('the list of tickers is paged, in either order, and filtered', async () => {
  const asker = await played(tape);
  const names = async (query: Query) =>
    (await asker.pages('/v3/reference/tickers', query)).map((page) => page.map(({ ticker }) => ticker));
  expect(await names({})).toEqual([['AAPL', 'C:EURUSD', 'MSFT', 'X:BTCUSD']]);
  expect(await names({ limit: 3 })).toEqual([['AAPL', 'C:EURUSD', 'MSFT'], ['X:BTCUSD']]);
  expect(await names({ limit: 1, order: 'desc', market: 'stocks' })).toEqual([['MSFT'], ['AAPL']]);
  expect(await names({ market: 'fx' })).toEqual([['C:EURUSD']]);
  expect(await names({ 'ticker.gte': 'M', search: 'ms' })).toEqual([['MSFT']]);
  expect(await names({ active: false })).toEqual([[]]);
  expect((await asker.get('/v3/reference/tickers/X:BTCUSD'))['results']).toEqual({
    ticker: 'X:BTCUSD',
    name: 'BTC/USD',
    market: 'crypto',
    locale: 'global',
    active: true,
    currency_symbol: 'USD',
    currency_name: 'USD',
    base_currency_symbol: 'BTC',
    base_currency_name: 'BTC',
    last_updated_utc: '2026-07-01T00:00:00Z',
  });
  expect((await asker.ask('/v3/reference/tickers/NONE')).status).toBe(404);
});
