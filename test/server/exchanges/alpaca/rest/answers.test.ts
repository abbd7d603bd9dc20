import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../../../../../market/clock.ts';
import type { MarketEvent, Nanos } from '../../../../../market/event.ts';
import { hour, minute, second } from '../../../../../market/nanos.ts';
import type { Papertape } from '../../../../../server/index.ts';
import type { ScenarioInput } from '../../../../../server/scenario/schema.ts';
import { Asker, playToEnd } from '../../../../helpers/asker.ts';
import { bar, book, news, opening, quote, trade } from '../../../../helpers/events.ts';
import { serve } from '../../../../helpers/serve.ts';

const open: Papertape[] = [];
afterEach(async () => {
  for (const papertape of open.splice(0)) await papertape[Symbol.asyncDispose]();
});

/** Everything of a tape has been played. */
async function played(
  events: readonly MarketEvent[],
  scenario: Partial<ScenarioInput> = {},
): Promise<{ papertape: Papertape; asker: Asker; clock: ManualClock }> {
  const clock = new ManualClock(opening);
  const papertape = await serve(events, {}, scenario, clock);
  open.push(papertape);
  await playToEnd(papertape, clock);
  return { papertape, asker: new Asker(papertape), clock };
}

const things = z.record(z.string(), z.unknown());
const wide = { start: '2026-06-01', end: '2026-08-01' };

test('the latest trade is never one that does not move the price', async () => {
  const { asker } = await played([
    trade(opening, { id: '1', price: 230 }),
    trade(opening + second, { id: '2', price: 999, conditions: ['@', 'I'] }),
    quote(opening + 2n * second),
  ]);
  const { body, text } = await asker.ask('/v2/stocks/AAPL/trades/latest');
  expect(text).toBe(
    '{"symbol":"AAPL","trade":{"i":1,"x":"V","p":230,"s":100,"c":["@"],"z":"C","t":"2026-07-01T14:30:00Z"}}',
  );
  expect((await asker.get('/v2/stocks/trades/latest', { symbols: 'NONE,AAPL' }))['trades']).toEqual({
    AAPL: body['trade'],
  });
  expect(await asker.get('/v2/stocks/AAPL/quotes/latest')).toMatchObject({ quote: { bp: 231.45, as: 100 } });
  expect((await asker.ask('/v2/stocks/NONE/trades/latest')).body).toEqual({ message: 'no trade found for NONE' });
});

test('snapshots show trade, quote, minute, day and the day before, and null for what nobody knows', async () => {
  const day = 24n * hour;
  const { asker } = await played([
    trade(opening, { price: 200 }),
    trade(opening + day, { price: 210 }),
    quote(opening + day),
  ]);
  const all = await asker.get('/v2/stocks/snapshots', { symbols: 'ZZZ,AAPL' });
  expect(all).toMatchObject({
    AAPL: {
      latestTrade: { p: 210 },
      latestQuote: { bp: 231.45 },
      minuteBar: { c: 210, t: '2026-07-02T14:30:00Z' },
      dailyBar: { c: 210, t: '2026-07-02T04:00:00Z' },
      prevDailyBar: { c: 200, t: '2026-07-01T04:00:00Z' },
    },
    ZZZ: null,
  });
  const one = await asker.get('/v2/stocks/AAPL/snapshot');
  expect(one).toEqual({ symbol: 'AAPL', ...things.parse(all['AAPL']) });
  expect((await asker.ask('/v2/stocks/ZZZ/snapshot')).status).toBe(404);
});

test('longer bars are made of minutes and days: weeks begin on Monday in New York, and each bar is whole', async () => {
  const minutes = [0n, 1n, 4n, 5n, 61n].map((at, index) =>
    bar('bar', opening + at * minute, opening + (at + 1n) * minute, {
      open: 100 + index,
      close: 101 + index,
      high: 110 + index,
      low: 90 - index,
      volume: 100 * (index + 1),
      trades: 2,
      vwap: 100 + index,
    }),
  );
  const { asker } = await played(minutes);
  const of = async (timeframe: string, more: object = {}) =>
    (await asker.rows('/v2/stocks/AAPL/bars', { timeframe, ...wide, limit: 1, ...more }, 'bars')).map(([, row]) => row);
  const five = await of('5Min');
  expect(five).toEqual([
    // 100·100 + 101·200 + 102·300 over 600
    { o: 100, h: 112, l: 88, c: 103, v: 600, t: '2026-07-01T14:30:00Z', n: 6, vw: 101.333333 },
    { o: 103, h: 113, l: 87, c: 104, v: 400, t: '2026-07-01T14:35:00Z', n: 2, vw: 103 },
    { o: 104, h: 114, l: 86, c: 105, v: 500, t: '2026-07-01T15:30:00Z', n: 2, vw: 104 },
  ]);
  expect(await of('5T', { sort: 'desc' })).toEqual(five.toReversed());
  expect((await of('1Hour')).map(({ t, v }) => [t, v])).toEqual([
    ['2026-07-01T14:00:00Z', 1000],
    ['2026-07-01T15:00:00Z', 500],
  ]);
  expect((await of('1Week')).map(({ t, v }) => [t, v])).toEqual([['2026-06-29T04:00:00Z', 1500]]);
  expect((await of('12M', { start: '2026-01-01' })).map(({ t, v }) => [t, v])).toEqual([
    ['2026-01-01T05:00:00Z', 1500],
  ]);
  // A bar that begins before the start is left out whole; one that begins before the end is told whole.
  const inside = { start: '2026-07-01T14:31:00Z', end: '2026-07-01T14:36:00Z' };
  expect((await of('5Min', inside)).map(({ t, v }) => [t, v])).toEqual([['2026-07-01T14:35:00Z', 400]]);
  for (const timeframe of ['60Min', '24Hour', '2Day', '5Month', 'banana', '']) {
    const { status, body } = await asker.ask('/v2/stocks/AAPL/bars', { timeframe });
    expect([status, body]).toEqual([400, { message: `invalid timeframe: ${timeframe}` }]);
  }
});

test('auctions are the opening and closing prints of each day, each print once', async () => {
  const at = (hours: Nanos): Nanos => opening - hour + hours * hour;
  const { asker } = await played([
    trade(at(0n), { conditions: ['O'], exchange: 'N', price: 230, size: 5000 }),
    trade(at(0n) + 1n, { conditions: ['Q'], exchange: 'N', price: 230, size: 5000 }),
    trade(at(0n) + 2n, { conditions: ['Q'], exchange: 'N', price: 230, size: 5000 }),
    trade(at(3n)),
    trade(at(6n), { conditions: ['6'], exchange: 'N', price: 235, size: 9000 }),
    trade(at(24n), { conditions: ['O'], exchange: 'P', price: 236, size: 700 }),
  ]);
  const days = [
    {
      d: '2026-07-01',
      o: [
        { c: 'O', p: 230, s: 5000, t: '2026-07-01T13:30:00Z', x: 'N' },
        { c: 'Q', p: 230, s: 5000, t: '2026-07-01T13:30:00.000000001Z', x: 'N' },
      ],
      c: [{ c: '6', p: 235, s: 9000, t: '2026-07-01T19:30:00Z', x: 'N' }],
    },
    { d: '2026-07-02', o: [{ c: 'O', p: 236, s: 700, t: '2026-07-02T13:30:00Z', x: 'P' }], c: [] },
  ];
  for (const sort of ['asc', 'desc'] as const) {
    const rows = await asker.rows('/v2/stocks/auctions', { symbols: 'AAPL', ...wide, limit: 1, sort }, 'auctions');
    expect(rows.map(([, row]) => row)).toEqual(sort === 'asc' ? days : days.toReversed());
  }
});

test('crypto needs no key, and its order book is the last whole one with every change since', async () => {
  const pair = { market: 'crypto', symbol: 'BTC/USD' } as const;
  const { papertape } = await played([
    book(opening),
    trade(opening, {
      ...pair,
      id: '4611730215998423040',
      price: 64211.5,
      size: 0.00417,
      taker: 'buy',
      exchange: undefined,
    }),
    book(opening + second, {
      reset: false,
      bids: [
        { price: 64205.1, size: 0 },
        { price: 64204, size: 2 },
      ],
      asks: [],
    }),
  ]);
  const anybody = new Asker(papertape, {});
  const { text } = await anybody.ask('/v1beta3/crypto/us/latest/orderbooks', { symbols: 'BTC/USD' });
  expect(text).toBe(
    '{"orderbooks":{"BTC/USD":{"t":"2026-07-01T14:30:01Z","b":[{"p":64204,"s":2}],"a":[{"p":64214.9,"s":1.66}]}}}',
  );
  const trades = await anybody.ask('/v1beta3/crypto/us/trades', { symbols: 'BTC/USD', ...wide });
  expect(trades.text).toBe(
    '{"trades":{"BTC/USD":[{"p":64211.5,"s":0.00417,"t":"2026-07-01T14:30:00Z","i":4611730215998423040,"tks":"B"}]},"next_page_token":null}',
  );
  expect(await anybody.get('/v1beta3/crypto/us/snapshots', { symbols: 'BTC/USD' })).toMatchObject({
    snapshots: { 'BTC/USD': { latestTrade: { p: 64211.5 }, dailyBar: { t: '2026-07-01T00:00:00Z' } } },
  });
  expect((await anybody.ask('/v1beta3/crypto/mars/trades', { symbols: 'BTC/USD' })).body).toEqual({
    message: 'invalid location: mars',
  });
});

test('options have bars, trades, the latest, and the chain of an underlying', async () => {
  const [call, put] = ['AAPL260918C00230000', 'AAPL260918P00200000'];
  const option = (symbol: string) => ({ market: 'options', symbol, exchange: 'C', conditions: ['I'] }) as const;
  const { asker } = await played([
    trade(opening, { ...option(call), price: 6.35, size: 2 }),
    quote(opening + 1n, {
      market: 'options',
      symbol: put,
      bidPrice: 6.3,
      bidExchange: 'C',
      askExchange: 'A',
      conditions: ['A'],
    }),
  ]);
  expect((await asker.ask('/v1beta1/options/trades', { symbols: call, ...wide })).text).toBe(
    `{"trades":{"${call}":[{"t":"2026-07-01T14:30:00Z","p":6.35,"s":2,"x":"C","c":"I"}]},"next_page_token":null}`,
  );
  expect(await asker.get('/v1beta1/options/quotes/latest', { symbols: put })).toMatchObject({
    quotes: { [put]: { bx: 'C', bp: 6.3, c: 'A' } },
  });
  const chain = async (query: Record<string, string | number>) => {
    const body = await asker.get('/v1beta1/options/snapshots/AAPL', query);
    return [Object.keys(things.parse(body['snapshots'])), body['next_page_token'] === null];
  };
  expect(await chain({})).toEqual([[call, put], true]);
  expect(await chain({ limit: 1 })).toEqual([[call], false]);
  expect(await chain({ type: 'put' })).toEqual([[put], true]);
  expect(await chain({ strike_price_gte: 210, expiration_date: '2026-09-18' })).toEqual([[call], true]);
  expect(await chain({ expiration_date_gte: '2026-10-01' })).toEqual([[], true]);
});

test('news comes newest first, without its texts unless asked for, under any symbol it names', async () => {
  const { asker } = await played([
    news(opening, { id: '1', symbols: ['AAPL', 'MSFT'] }),
    news(opening + second, { id: '2', symbols: ['TSLA'], content: '' }),
  ]);
  const ids = async (query: Record<string, string>) =>
    (await asker.rows('/v1beta1/news', { limit: '1', ...query }, 'news')).map(([, row]) => row['id']);
  expect(await ids({})).toEqual([2, 1]);
  expect(await ids({ sort: 'asc' })).toEqual([1, 2]);
  expect(await ids({ symbols: 'MSFT' })).toEqual([1]);
  expect(await ids({ exclude_contentless: 'true' })).toEqual([1]);
  const [, row] = (await asker.rows('/v1beta1/news', { symbols: 'MSFT' }, 'news'))[0] ?? [];
  expect(row).toMatchObject({ headline: 'Example headline', content: '', images: [] });
  const [, whole] = (await asker.rows('/v1beta1/news', { include_content: 'true', symbols: 'MSFT' }, 'news'))[0] ?? [];
  expect(whole).toMatchObject({ content: '<p>Body</p>', updated_at: '2026-07-01T14:30:00Z' });
});

test('clock, calendar, assets and the account are those of the instant that history has reached', async () => {
  const { asker } = await played([trade(opening), trade(opening, { market: 'crypto', symbol: 'BTC/USD' })]);
  expect(await asker.get('/v2/clock')).toMatchObject({
    is_open: true,
    next_open: '2026-07-02T09:30:00-04:00',
    next_close: '2026-07-01T16:00:00-04:00',
  });
  const { list } = await asker.get('/v2/calendar', { start: '2026-07-02', end: '2026-07-06' });
  expect(list).toEqual([
    {
      date: '2026-07-02',
      open: '09:30',
      close: '16:00',
      session_open: '0400',
      session_close: '2000',
      settlement_date: '2026-07-06',
    },
    {
      date: '2026-07-06',
      open: '09:30',
      close: '16:00',
      session_open: '0400',
      session_close: '2000',
      settlement_date: '2026-07-07',
    },
  ]);
  const settled = await asker.get('/v2/calendar', { start: '2026-07-06', end: '2026-07-06', date_type: 'SETTLEMENT' });
  expect(settled['list']).toMatchObject([{ date: '2026-07-02' }]);
  expect((await asker.get('/v2/assets', { asset_class: 'crypto' }))['list']).toMatchObject([{ symbol: 'BTC/USD' }]);
  expect(await asker.get('/v2/assets/BTC%2FUSD')).toEqual(await asker.get('/v2/assets/BTC/USD'));
  expect(await asker.get('/v2/assets/AAPL')).toMatchObject({ symbol: 'AAPL', class: 'us_equity', tradable: true });
  expect((await asker.ask('/v2/assets/NONE')).status).toBe(404);
  expect(await asker.get('/v2/account')).toMatchObject({ status: 'ACTIVE', cash: '100000' });
  expect([await asker.get('/v2/positions'), await asker.get('/v2/orders')]).toEqual([{ list: [] }, { list: [] }]);
});
