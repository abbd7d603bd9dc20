import { marketData, pagination, trading } from '@alpacahq/alpaca-trade-api';
import Alpaca3 from 'alpaca-trade-api-3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { MarketEvent } from '../../market/event.ts';
import { second } from '../../market/nanos.ts';
import { startPapertape, type Papertape } from '../../server/index.ts';
import { scenarioSchema } from '../../server/scenario/schema.ts';
import { httpOf } from '../helpers/asker.ts';
import { book, news, opening, quote, trade } from '../helpers/events.ts';
import { type Element, Listener } from '../helpers/listener.ts';
import { memorySource } from '../helpers/memory-source.ts';

// The REST clients of @alpacahq/alpaca-trade-api, unmodified: 4.x by its `basePath`, 3.x by its `dataBaseUrl` and `baseUrl`.

const stocks = ['AAPL', 'MSFT'];
const coin = 'BTC/USD';
const option = 'AAPL260918C00230000';

/** Six and a half hours in which stocks, a coin and an option trade, some trades late and some at one instant. */
function day(): readonly MarketEvent[] {
  const events: MarketEvent[] = [];
  for (let index = 0; index < 3000; index++) {
    const at = opening - 3600n * second + BigInt(Math.floor(index / 3)) * 23_400_000_001n;
    const symbol = stocks[index % 2] ?? '';
    const price = Math.round((230 + Math.sin(index / 50) * 5) * 100) / 100;
    const late = index % 97 === 0 ? at - 45n * second : undefined;
    const conditions = index % 11 === 0 ? ['@', 'I'] : ['@'];
    events.push(quote(at, { symbol, bidPrice: price - 0.01, bidSize: index }));
    events.push(trade(at, { symbol, id: String(index + 1), price, conditions, participantAt: late }));
    const pair = { market: 'crypto', symbol: coin } as const;
    if (index % 5 === 0)
      events.push(trade(at, { ...pair, id: String(2n ** 60n + BigInt(index)), size: 0.25, taker: 'buy' }));
    if (index % 500 === 0) events.push(quote(at, { ...pair, bidSize: 0.5 }), book(at));
    if (index % 7 === 0)
      events.push(trade(at, { market: 'options', symbol: option, size: 2, exchange: 'C', conditions: ['I'] }));
    if (index % 100 === 0) events.push(news(at, { id: String(index), symbols: ['AAPL', 'MSFT'] }));
  }
  return events;
}

let papertape: Papertape;
let heard: {
  stocks: readonly Element[];
  crypto: readonly Element[];
  news: readonly Element[];
};
const wide = { start: new Date('2026-07-01T00:00:00Z'), end: new Date('2026-07-03T00:00:00Z') };

beforeAll(async () => {
  const scenario = scenarioSchema.parse({
    name: 'rest',
    tapes: [{ file: 'given.ndjson' }],
    replay: { mode: 'single_pass', speed: 'max', startOn: 'command', atEnd: 'close' },
  });
  papertape = await startPapertape({ scenario, port: 0, tapes: [memorySource(day())] });
  const all = { trades: ['*'], quotes: ['*'], bars: ['*'], updatedBars: ['*'] };
  const streams = {
    stocks: await Listener.subscribed(`${papertape.url}/v2/sip`, { ...all, dailyBars: ['*'] }),
    crypto: await Listener.subscribed(`${papertape.url}/v1beta3/crypto/us`, all),
    news: await Listener.subscribed(`${papertape.url}/v1beta1/news`, { news: ['*'] }),
  };
  papertape.run.play();
  for (const stream of Object.values(streams)) await stream.ended();
  heard = {
    stocks: streams.stocks.events,
    crypto: streams.crypto.events,
    news: streams.news.events,
  };
});
afterAll(async () => papertape[Symbol.asyncDispose]());

type Row = Readonly<Record<string, unknown>>;
type Rows = Readonly<Record<string, readonly Row[]>>;
const table = z.record(z.string(), z.array(z.record(z.string(), z.unknown())));

/** What was streamed of a type, by symbol, as REST tells it. */
function streamed(events: readonly Element[], types: string): Rows {
  const rows: Record<string, Row[]> = {};
  for (const { T, S, ...row } of events) if (types.includes(String(T))) (rows[String(S)] ??= []).push(row);
  return rows;
}

/** Minute bars as a client has them that replaces each by its change. */
function barsHeard(events: readonly Element[]): Rows {
  const rows: Record<string, Record<string, Row>> = {};
  for (const { T, S, ...row } of events) if (T === 'b' || T === 'u') (rows[String(S)] ??= {})[String(row['t'])] = row;
  return Object.fromEntries(
    Object.entries(rows).map(([symbol, bars]) => [
      symbol,
      Object.entries(bars)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([, row]) => row),
    ]),
  );
}

/** Its types say `default`, which its module has not when an ES module imports it. */
const Sdk3 = z.custom<typeof Alpaca3.default>((value) => typeof value === 'function').parse(Alpaca3);

const configuration = () =>
  new marketData.Configuration({ basePath: httpOf(papertape), keyId: 'key', secret: 'secret' });

/** All pages of an endpoint, by the SDK's own pagination. */
async function collected(
  fetchPage: (page: {
    pageToken?: string;
  }) => Promise<{ data: Record<string, unknown[]>; nextPageToken: string | null }>,
): Promise<Rows> {
  return table.parse(await pagination.collectBySymbol((token) => fetchPage(from(token))));
}

const from = (token: string | undefined): { pageToken?: string } => (token === undefined ? {} : { pageToken: token });

test('4.x pages trades and quotes of a day to the end, and they are those of the stream, row for row', async () => {
  const api = new marketData.StockApi(configuration());
  const asked = { symbols: stocks.join(','), ...wide, limit: 271 };
  const trades = await collected(async (page) => {
    const { trades: data, nextPageToken } = await api.stockTrades({ ...asked, ...page });
    return { data, nextPageToken };
  });
  const quotes = await collected(async (page) => {
    const { quotes: data, nextPageToken } = await api.stockQuotes({ ...asked, limit: 1000, ...page });
    return { data, nextPageToken };
  });
  expect(trades).toEqual(streamed(heard.stocks, 't'));
  expect(quotes).toEqual(streamed(heard.stocks, 'q'));
  expect(trades['AAPL']).toHaveLength(1500);
});

test('4.x pages minute bars, late trades counted in, and the day, as streamed', async () => {
  const api = new marketData.StockApi(configuration());
  const bars = await collected(async (page) => {
    const { bars: data, nextPageToken } = await api.stockBars({
      symbols: 'MSFT,AAPL',
      timeframe: '1Min',
      ...wide,
      limit: 100,
      ...page,
    });
    return { data, nextPageToken };
  });
  expect(bars).toEqual(barsHeard(heard.stocks));
  const updates = heard.stocks.filter(({ T }) => T === 'u');
  expect(updates.length).toBeGreaterThan(0);
  const days = await api.stockBars({ symbols: 'AAPL', timeframe: '1Day', ...wide });
  expect(days.bars['AAPL']).toEqual(streamed(heard.stocks, 'd')['AAPL']?.slice(-1));
  expect(days.nextPageToken).toBeNull();
});

test('4.x pages one symbol newest first, with its own objects', async () => {
  const api = new marketData.StockApi(configuration());
  const trades = await pagination.collect(async (token) => {
    const page = await api.stockTradeSingle({ symbol: 'AAPL', ...wide, sort: 'desc', limit: 1000, ...from(token) });
    return { items: page.trades, nextPageToken: page.nextPageToken };
  });
  const expected = streamed(heard.stocks, 't')['AAPL'] ?? [];
  expect(trades.map(({ i }) => i)).toEqual(expected.map((row) => row['i']).toReversed());
  expect(trades[0]?.t).toBeInstanceOf(Date);
});

test('4.x pages crypto without keys, options and news, and their rows are those of the streams', async () => {
  const crypto = new marketData.CryptoApi(configuration());
  const asked = { loc: 'us', symbols: coin, ...wide, limit: 99 } as const;
  const trades = await collected(async (page) => {
    const { trades: data, nextPageToken } = await crypto.cryptoTrades({ ...asked, ...page });
    return { data, nextPageToken };
  });
  // The SDK keeps ids beyond 2^53 as text; the listener of this test reads them as numbers.
  const numbered = (trades[coin] ?? []).map((row) => ({ ...row, i: Number(row['i']) }));
  expect(numbered).toEqual(streamed(heard.crypto, 't')[coin]);
  expect(trades[coin]?.[0]?.['i']).toBe(String(2n ** 60n));
  const bars = await crypto.cryptoBars({ ...asked, timeframe: '1Min', limit: 10_000 });
  expect(bars.bars).toEqual(barsHeard(heard.crypto));

  const options = new marketData.OptionApi(configuration());
  const optionTrades = await collected(async (page) => {
    const { trades: data, nextPageToken } = await options.optionTrades({
      symbols: option,
      ...wide,
      limit: 50,
      ...page,
    });
    return { data, nextPageToken };
  });
  const contracts = day().filter(({ market }) => market === 'options');
  expect(optionTrades[option]?.map(({ t: _t, ...row }) => row)).toEqual(
    contracts.map(() => ({ p: 231.47, s: 2, x: 'C', c: 'I' })),
  );

  const api = new marketData.NewsApi(configuration());
  const items = await pagination.collect(async (token) => {
    const page = await api.news({ symbols: 'MSFT', ...wide, sort: 'asc', limit: 7, ...from(token) });
    return { items: page.news, nextPageToken: page.nextPageToken };
  });
  expect(items.map(({ id, headline, symbols }) => ({ id, headline, symbols }))).toEqual(
    heard.news.map(({ id, headline, symbols }) => ({ id, headline, symbols })),
  );
});

test('4.x reads the latest, snapshots, codes, the clock, the calendar and the account', async () => {
  const api = new marketData.StockApi(configuration());
  const { trades } = await api.stockLatestTrades({ symbols: 'AAPL,MSFT,NONE' });
  expect(Object.keys(trades)).toEqual(stocks);
  const { quote: latest } = await api.stockLatestQuoteSingle({ symbol: 'AAPL' });
  expect(latest.bs).toBe(streamed(heard.stocks, 'q')['AAPL']?.at(-1)?.['bs']);
  const snapshot = await api.stockSnapshotSingle({ symbol: 'MSFT' });
  expect([snapshot.symbol, snapshot.dailyBar?.c]).toEqual(['MSFT', snapshot.minuteBar?.c]);
  expect(await api.stockMetaConditions({ ticktype: 'trade', tape: 'C' })).toMatchObject({ I: 'Odd Lot Trade' });
  const { orderbooks } = await new marketData.CryptoApi(configuration()).cryptoLatestOrderbooks({
    loc: 'us',
    symbols: coin,
  });
  expect(orderbooks[coin]?.b).toEqual([{ p: 64205.1, s: 0.8312 }]);
  const paper = new trading.Configuration({ basePath: httpOf(papertape), keyId: 'key', secret: 'secret' });
  const account = await new trading.AccountsApi(paper).getAccount();
  expect([account.status, account.currency]).toEqual(['ACTIVE', 'USD']);
});

test('3.x pages trades, quotes and bars of a day to the end, and they are those of the stream', async () => {
  const url = httpOf(papertape);
  const alpaca = new Sdk3({ keyId: 'key', secretKey: 'secret', baseUrl: url, dataBaseUrl: url, paper: true });
  const asked = () => ({ start: '2026-07-01T00:00:00Z', end: '2026-07-03T00:00:00Z', pageLimit: 400 });
  const trades: unknown[] = [];
  for await (const { ID, Price, Timestamp } of alpaca.getTradesV2('AAPL', asked())) trades.push([ID, Price, Timestamp]);
  expect(trades).toEqual(streamed(heard.stocks, 't')['AAPL']?.map(({ i, p, t }) => [i, p, t]));
  const quotes = await alpaca.getMultiQuotesV2(stocks, asked());
  expect(quotes.get('MSFT')?.map(({ BidSize, Timestamp }) => [BidSize, Timestamp])).toEqual(
    streamed(heard.stocks, 'q')['MSFT']?.map((row) => [row['bs'], row['t']]),
  );
  const bars = await alpaca.getMultiBarsV2(stocks, { ...asked(), timeframe: '1Min' });
  expect(bars.get('AAPL')?.map(({ ClosePrice, TradeCount }) => [ClosePrice, TradeCount])).toEqual(
    barsHeard(heard.stocks)['AAPL']?.map((row) => [row['c'], row['n']]),
  );
  const items = await alpaca.getNews({ symbols: ['AAPL'], totalLimit: 30, pageLimit: 7 });
  expect(items.map(({ ID }) => ID)).toEqual(heard.news.map(({ id }) => id).toReversed());
  expect(await alpaca.getClock()).toMatchObject({ is_open: false });
  expect(await alpaca.getPositions()).toEqual([]);
  await expect(alpaca.getLatestTrade('NONE')).rejects.toThrow('code: 404, message: no trade found for NONE');
});
