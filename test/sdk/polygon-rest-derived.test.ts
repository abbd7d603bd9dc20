import {
  type DefaultApi,
  GetStocksEMASeriesTypeEnum,
  GetStocksEMATimespanEnum,
  GetStocksMACDTimespanEnum,
  GetStocksRSITimespanEnum,
  GetStocksSMAOrderEnum,
  GetStocksSMATimespanEnum,
  GetStocksSnapshotDirectionDirectionEnum,
  restClient,
} from '@massive.com/client-js';
import { type IRestClient, restClient as polygonClient } from '@polygon.io/client-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import type { MarketEvent } from '../../market/event.ts';
import { day, minute } from '../../market/nanos.ts';
import type { Papertape } from '../../server/index.ts';
import { httpOf, playToEnd } from '../helpers/asker.ts';
import { opening, quote, trade } from '../helpers/events.ts';
import { serve } from '../helpers/serve.ts';

// What follows from bars, trades and quotes, as the REST clients of Massive and of Polygon, unmodified, ask for it.

const closes = Array.from({ length: 40 }, (_, index) => 200 + ((index * 37) % 23));

function tape(): readonly MarketEvent[] {
  const minutes = closes.map((price, index) => trade(opening + BigInt(index) * minute, { price, size: 1000 }));
  const option = { market: 'options', symbol: 'AAPL261218C00230000', exchange: '302', tape: undefined } as const;
  const future = { market: 'futures', symbol: 'ESZ6', tape: undefined, conditions: [] } as const;
  return [
    trade(opening - day, { price: 190, size: 10_000 }),
    ...minutes,
    quote(opening + 40n * minute),
    trade(opening + 40n * minute, { ...option, price: 11, size: 2 }),
    { kind: 'value', market: 'indices', symbol: 'SPX', at: opening + 41n * minute, value: 6060 },
    ...[0, 1, 2].map((index) =>
      trade(opening + BigInt(41 + index) * minute, { ...future, price: 6540 + index, size: 3 }),
    ),
    quote(opening + 43n * minute, { ...future, bidSize: 41, askSize: 37 }),
    trade(opening + 44n * minute, { symbol: 'MSFT', price: 500, size: 1 }),
  ];
}

let papertape: Papertape;
let massive: DefaultApi;
let polygon: IRestClient;
beforeAll(async () => {
  const clock = new ManualClock(opening);
  papertape = await serve(tape(), {}, { endpoints: { polygon: { serverPing: 'off' } } }, clock);
  await playToEnd(papertape, clock);
  massive = restClient('key', httpOf(papertape), { pagination: true });
  // Its own paging takes every answer for a list.
  polygon = polygonClient('key', httpOf(papertape));
});
afterAll(async () => papertape[Symbol.asyncDispose]());

const ms = (index: number): number => Number((opening + BigInt(index) * minute) / 1_000_000n);
const mean = (from: number, to: number): number =>
  closes.slice(from, to).reduce((sum, price) => sum + price, 0) / (to - from);

test('both read moving averages, and page them', async () => {
  const asked = { stockTicker: 'AAPL', timespan: GetStocksSMATimespanEnum.Minute, window: 5 };
  const { results } = await massive.getStocksSMA({ ...asked, order: GetStocksSMAOrderEnum.Asc, limit: 5000 });
  // The first one still has a minute of the day before.
  expect(results?.values?.slice(1)).toEqual(
    closes.slice(4).map((_, index) => ({ timestamp: ms(index + 4), value: expect.closeTo(mean(index, index + 5), 9) })),
  );
  const { results: paged } = await polygon.stocks.sma('AAPL', {
    timespan: 'minute',
    window: 5,
    limit: 10,
    expand_underlying: true,
  });
  expect(paged?.values?.[0]).toEqual({ timestamp: ms(39), value: expect.closeTo(mean(35, 40), 9) });
  expect(paged?.underlying?.aggregates?.[0]).toMatchObject({ t: ms(39), c: closes[39] });
});

test('both read exponential averages, convergence and strength', async () => {
  const { results: ema } = await massive.getStocksEMA({
    stockTicker: 'AAPL',
    timespan: GetStocksEMATimespanEnum.Minute,
    seriesType: GetStocksEMASeriesTypeEnum.Close,
    window: 41,
  });
  // No longer than its window: it has only begun.
  const all = (190 + mean(0, 40) * 40) / 41;
  expect(ema?.values).toEqual([{ timestamp: ms(39), value: expect.closeTo(all, 9) }]);
  const { results: macd } = await massive.getStocksMACD({
    stockTicker: 'AAPL',
    timespan: GetStocksMACDTimespanEnum.Minute,
    limit: 100,
  });
  const [last] = macd?.values ?? [];
  expect(macd?.values).toHaveLength(41 - 25 - 8);
  expect(last?.histogram).toBeCloseTo((last?.value ?? 0) - (last?.signal ?? 0), 9);
  const { results: rsi } = await massive.getStocksRSI({
    stockTicker: 'AAPL',
    timespan: GetStocksRSITimespanEnum.Minute,
    window: 14,
    limit: 100,
  });
  expect(rsi?.values).toHaveLength(27);
  expect((await polygon.stocks.rsi('AAPL', { timespan: 'minute', window: 14 })).results?.values?.[0]).toEqual(
    rsi?.values?.[0],
  );
});

test('both read who gained most', async () => {
  const { tickers } = await massive.getStocksSnapshotDirection({
    direction: GetStocksSnapshotDirectionDirectionEnum.Gainers,
  });
  expect(tickers?.map(({ ticker, prevDay }) => [ticker, prevDay?.c])).toEqual([['AAPL', 190]]);
  expect((await polygon.stocks.snapshotGainersLosers('losers')).tickers).toEqual([]);
});

test('both read snapshots of all markets, of indices and of a chain', async () => {
  const { results: all } = await massive.getSnapshots({ limit: 2 });
  const tickers = ['AAPL', 'I:SPX', 'MSFT', 'O:AAPL261218C00230000'];
  expect(all?.map(({ ticker }) => ticker).toSorted()).toEqual(tickers);
  const { results: some } = await massive.getSnapshots({ tickerAnyOf: 'AAPL,NONE' });
  expect(some?.map(({ session, error }) => session?.close ?? error)).toEqual([closes.at(-1), 'NOT_FOUND']);
  const { results: indices } = await massive.getIndicesSnapshot({ ticker: 'I:SPX' });
  expect(indices?.map(({ value }) => value)).toEqual([6060]);
  const { results: chain } = await massive.getOptionsChain({ underlyingAsset: 'AAPL', strikePriceGte: 230 });
  expect(chain?.map(({ break_even_price: price, details }) => [price, details?.ticker])).toEqual([
    [241, 'O:AAPL261218C00230000'],
  ]);
  const one = { underlyingAsset: 'AAPL', optionContract: 'O:AAPL261218C00230000' };
  expect((await massive.getOptionContract(one)).results).toEqual(chain?.[0]);
  const { results: read } = await polygon.options.snapshotOptionChain('AAPL');
  expect(read?.map(({ details }) => details?.ticker)).toEqual(['O:AAPL261218C00230000']);
  const universal = await polygon.stocks.universalSnapshot({ 'ticker.any_of': 'MSFT' });
  expect(universal.results?.map(({ name }) => name)).toEqual(['MSFT']);
});

test('massive.com reads trades, quotes and candles of a future, and pages them', async () => {
  // Its paging puts the pages that follow before the first one.
  const trades = await massive.getFuturesV1TradesTicker({ ticker: 'ESZ6', limit: 2 });
  expect(new Set(trades.results.map(({ price }) => price))).toEqual(new Set([6540, 6541, 6542]));
  const { results: quotes } = await massive.getFuturesV1QuotesTicker({ ticker: 'ESZ6' });
  expect(quotes.map(({ bid_size: bid, ask_size: ask }) => [bid, ask])).toEqual([[41, 37]]);
  const minutes = await massive.aggregatesV1({ ticker: 'ESZ6', resolution: '1min', limit: 1 });
  expect(new Set(minutes.results.map(({ open }) => open))).toEqual(new Set([6540, 6541, 6542]));
  const [session] = (await massive.aggregatesV1({ ticker: 'ESZ6', resolution: '1session' })).results;
  expect([session?.session_end_date, session?.volume, session?.dollar_volume]).toEqual(['2026-07-01', 9, 3 * 19_623]);
});
