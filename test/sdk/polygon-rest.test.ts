import {
  type DefaultApi,
  GetCryptoTradesOrderEnum,
  GetForexQuotesOrderEnum,
  GetOptionsTradesOrderEnum,
  GetStocksAggregatesSortEnum,
  GetStocksAggregatesTimespanEnum,
  GetStocksQuotesOrderEnum,
  GetStocksTradesOrderEnum,
  restClient as massiveClient,
} from '@massive.com/client-js';
import { type IRestClient, restClient as polygonClient, websocketClient } from '@polygon.io/client-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { MarketEvent } from '../../market/event.ts';
import { second } from '../../market/nanos.ts';
import { startPapertape, type Papertape } from '../../server/index.ts';
import { scenarioSchema } from '../../server/scenario/schema.ts';
import { httpOf } from '../helpers/asker.ts';
import { opening, quote, trade } from '../helpers/events.ts';
import { memorySource } from '../helpers/memory-source.ts';

// The REST clients of Massive and of Polygon, unmodified, pointed here by their `apiBase`, beside the SDK's own streams.

const coin = { market: 'crypto', symbol: 'BTC/USD', exchange: '1' } as const;
const pair = { market: 'forex', symbol: 'EUR/USD', bidSize: 0, askSize: 0, conditions: [] } as const;
const option = { market: 'options', symbol: 'SPY261218C00650000', exchange: '302', conditions: ['233'] } as const;

/** Two hours in which a stock, a coin, a currency and an option trade, some trades late and some at one instant. */
function hours(): readonly MarketEvent[] {
  const events: MarketEvent[] = [];
  for (let index = 0; index < 1500; index++) {
    const at = opening + BigInt(Math.floor(index / 3)) * 14_400_000_001n;
    const price = Math.round((230 + Math.sin(index / 50) * 5) * 100) / 100;
    const participantAt = index % 97 === 0 ? at - 45n * second : undefined;
    const conditions = index % 11 === 0 ? ['@', 'I'] : ['@'];
    events.push(quote(at, { bidPrice: price - 0.01, bidSize: index, sequence: index }));
    events.push(
      trade(at, { id: String(2n ** 60n + BigInt(index)), price, conditions, participantAt, sequence: index }),
    );
    if (index % 5 === 0) events.push(trade(at, { ...coin, id: String(index), price: 61_000 + index, size: 0.25 }));
    if (index % 7 === 0)
      events.push(quote(at, { ...pair, bidPrice: 1.17 + index / 1e5, askPrice: 1.18 + index / 1e5 }));
    if (index % 9 === 0) events.push(trade(at, { ...option, price: 11.5, size: 2, sequence: index }));
  }
  return events;
}

type Row = Readonly<Record<string, unknown>>;
const rows = z.array(z.record(z.string(), z.unknown()));

let papertape: Papertape;
let massive: DefaultApi;
let polygon: IRestClient;
/** What each cluster's stream has played, by its type of event. */
let heard: Readonly<Record<'stocks' | 'crypto' | 'forex' | 'options', readonly Row[]>>;

beforeAll(async () => {
  const scenario = scenarioSchema.parse({
    name: 'rest',
    tapes: [{ file: 'given.ndjson' }],
    replay: { mode: 'single_pass', speed: 'max', startOn: 'command', atEnd: 'close' },
  });
  papertape = await startPapertape({ scenario, port: 0, tapes: [memorySource(hours())] });
  const sockets = websocketClient('key', papertape.url);
  const streams = {
    stocks: await listen(sockets.stocks(), 'T.AAPL,Q.AAPL,A.AAPL,AM.AAPL'),
    crypto: await listen(sockets.crypto(), 'XT.BTC-USD,XA.BTC-USD'),
    forex: await listen(sockets.forex(), 'C.EUR/USD,CA.EUR/USD'),
    options: await listen(sockets.options(), 'T.O:SPY261218C00650000'),
  };
  papertape.run.play();
  const [stocks, crypto, forex, options] = await Promise.all(Object.values(streams).map(({ ended }) => ended));
  heard = { stocks: stocks ?? [], crypto: crypto ?? [], forex: forex ?? [], options: options ?? [] };
  massive = massiveClient('key', httpOf(papertape), { pagination: true });
  polygon = polygonClient('key', httpOf(papertape), { pagination: true });
});
afterAll(async () => papertape[Symbol.asyncDispose]());

type Socket = ReturnType<ReturnType<typeof websocketClient>['stocks']>;

/** Logs in (the SDK does that), subscribes, and keeps what comes until the server closes. */
async function listen(socket: Socket, params: string): Promise<{ readonly ended: Promise<readonly Row[]> }> {
  const events: Row[] = [];
  const wanted = params.split(',').length;
  let acknowledged = 0;
  const ended = new Promise<readonly Row[]>((resolve) => {
    socket.addEventListener('close', () => resolve(events));
  });
  await new Promise<void>((resolve) => {
    socket.addEventListener('message', ({ data }: { readonly data: unknown }) => {
      for (const event of rows.parse(JSON.parse(String(data)))) {
        if (event['ev'] !== 'status') events.push(event);
        else if (event['status'] === 'auth_success') socket.send(JSON.stringify({ action: 'subscribe', params }));
        else if (event['status'] === 'success' && ++acknowledged === wanted) resolve();
      }
    });
  });
  return { ended };
}

const ofType = (events: readonly Row[], ev: string): readonly Row[] => events.filter((event) => event['ev'] === ev);

/** Bars as a client has them that replaces each by its change. */
function lastBars(events: readonly Row[], ev: string): readonly Row[] {
  const bars = new Map(ofType(events, ev).map((bar) => [Number(bar['s']), bar]));
  return [...bars.entries()].sort(([one], [other]) => one - other).map(([, bar]) => bar);
}

const [from, to] = ['2026-07-01', '2026-07-02'];

/** What the fields of a row are on the stream; its times there are milliseconds. */
const tradeOf = ({
  id,
  price,
  size,
  decimal_size: ds,
  conditions,
  exchange,
  tape,
  sequence_number: q,
  sip_timestamp: t,
}: Row): Row =>
  present({ i: id, p: price, s: size, ds, c: conditions, x: exchange, z: tape, q, t: Math.floor(Number(t) / 1e6) });
const quoteOf = (row: Row): Row =>
  present({
    bx: row['bid_exchange'],
    bp: row['bid_price'],
    bs: row['bid_size'],
    ax: row['ask_exchange'],
    ap: row['ask_price'],
    as: row['ask_size'],
    q: row['sequence_number'],
    z: row['tape'],
    t: Math.floor(Number(row['sip_timestamp']) / 1e6),
  });
const present = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
const pick = (events: readonly Row[], names: readonly string[]): Row[] =>
  events.map((event) => present(Object.fromEntries(names.map((name) => [name, event[name]]))));

/** Massive's client puts the pages that follow before the first one; this puts rows back into the order of time. */
const inOrder = (found: readonly Row[], name: string): Row[] =>
  found.toSorted((one, other) => Number(one[name]) - Number(other[name]));

const tradeNames = ['i', 'p', 's', 'ds', 'c', 'x', 'z', 'q', 't'];
const barNames = ['o', 'h', 'l', 'c', 'v', 'vw'];
const barsOf = (found: readonly Row[]): Row[] => found.map(({ t, ...row }) => ({ s: t, ...pick([row], barNames)[0] }));
const barsHeard = (events: readonly Row[], ev: string): Row[] =>
  lastBars(events, ev).map((bar) => ({ s: bar['s'], ...pick([bar], barNames)[0] }));

test('polygon.io pages trades and quotes of a stock to the end, and they are those of the stream, row for row', async () => {
  const { results: trades, next_url: end } = await polygon.stocks.trades('AAPL', {
    timestamp: from,
    order: 'asc',
    limit: 271,
  });
  expect(rows.parse(trades).map(tradeOf)).toEqual(pick(ofType(heard.stocks, 'T'), tradeNames));
  expect(trades).toHaveLength(1500);
  expect(end).toBeNull();
  const { results: quotes } = await polygon.stocks.quotes('AAPL', { limit: 499 });
  const expected = pick(ofType(heard.stocks, 'Q'), ['bx', 'bp', 'bs', 'ax', 'ap', 'as', 'q', 'z', 't']);
  expect(rows.parse(quotes).map(quoteOf)).toEqual(expected.toReversed());
});

test('polygon.io pages minutes and seconds, late trades counted in, as streamed', async () => {
  const minutes = await polygon.stocks.aggregates('AAPL', 1, 'minute', from, to, { limit: 17 });
  expect(barsOf(rows.parse(minutes.results))).toEqual(barsHeard(heard.stocks, 'AM'));
  expect(ofType(heard.stocks, 'AM').length).toBeGreaterThan(lastBars(heard.stocks, 'AM').length);
  const seconds = await polygon.stocks.aggregates('AAPL', 1, 'second', from, to, { limit: 100, sort: 'desc' });
  expect(barsOf(rows.parse(seconds.results))).toEqual(barsHeard(heard.stocks, 'A').toReversed());
});

test('polygon.io pages coins, currencies and options', async () => {
  const coins = await polygon.crypto.trades('X:BTCUSD', { order: 'asc', limit: 99 });
  expect(rows.parse(coins.results).map(({ id, price, size }) => [id, price, size])).toEqual(
    ofType(heard.crypto, 'XT').map(({ i, p, s }) => [i, p, s]),
  );
  const currencies = await polygon.forex.quotes('C:EURUSD', { order: 'asc', limit: 50 });
  expect(
    rows.parse(currencies.results).map((row) => [row['ask_price'], row['bid_price'], row['ask_exchange']]),
  ).toEqual(ofType(heard.forex, 'C').map(({ a, b, x }) => [a, b, x]));
  const contracts = await polygon.options.trades('O:SPY261218C00650000', { order: 'asc', limit: 50 });
  expect(rows.parse(contracts.results).map(tradeOf)).toEqual(
    pick(ofType(heard.options, 'T'), ['p', 's', 'c', 'x', 'q', 't']),
  );
  const minutes = await polygon.forex.aggregates('C:EURUSD', 1, 'minute', from, to, { limit: 40 });
  expect(rows.parse(minutes.results).map(({ t, o, c, v }) => [t, o, c, v])).toEqual(
    lastBars(heard.forex, 'CA').map(({ s, o, c, v }) => [s, o, c, v]),
  );
});

test('polygon.io hears of an unknown ticker and a plan in its own errors', async () => {
  await expect(polygon.stocks.lastTrade('NONE')).rejects.toThrow('Ticker not found.');
  const none = await polygon.stocks.aggregates('NONE', 1, 'day', from, to);
  expect([none.resultsCount, none.results]).toEqual([0, []]);
});

test('massive.com pages trades and quotes of a stock to the end, and they are those of the stream', async () => {
  const trades = await massive.getStocksTrades({
    stockTicker: 'AAPL',
    timestamp: from,
    order: GetStocksTradesOrderEnum.Asc,
    limit: 400,
  });
  const found = inOrder(rows.parse(trades.results), 'sequence_number').map(tradeOf);
  expect(found).toEqual(pick(ofType(heard.stocks, 'T'), tradeNames));
  const quotes = await massive.getStocksQuotes({
    stockTicker: 'AAPL',
    order: GetStocksQuotesOrderEnum.Asc,
    limit: 1000,
  });
  expect(inOrder(rows.parse(quotes.results), 'sequence_number').map(quoteOf)).toEqual(
    pick(ofType(heard.stocks, 'Q'), ['bx', 'bp', 'bs', 'ax', 'ap', 'as', 'q', 'z', 't']),
  );
});

test('massive.com pages aggregates, coins, currencies and options', async () => {
  const asked = { stocksTicker: 'AAPL', multiplier: 1, from, to, sort: GetStocksAggregatesSortEnum.Asc };
  const minutes = await massive.getStocksAggregates({
    ...asked,
    timespan: GetStocksAggregatesTimespanEnum.Minute,
    limit: 30,
  });
  expect(barsOf(inOrder(rows.parse(minutes.results), 't'))).toEqual(barsHeard(heard.stocks, 'AM'));
  const seconds = await massive.getStocksAggregates({
    ...asked,
    timespan: GetStocksAggregatesTimespanEnum.Second,
    limit: 90,
  });
  expect(barsOf(inOrder(rows.parse(seconds.results), 't'))).toEqual(barsHeard(heard.stocks, 'A'));
  const coins = await massive.getCryptoTrades({
    cryptoTicker: 'X:BTCUSD',
    order: GetCryptoTradesOrderEnum.Asc,
    limit: 99,
  });
  expect(new Set(coins.results?.map(({ id }) => id))).toEqual(new Set(ofType(heard.crypto, 'XT').map(({ i }) => i)));
  const currencies = await massive.getForexQuotes({
    fxTicker: 'C:EURUSD',
    order: GetForexQuotesOrderEnum.Asc,
    limit: 100,
  });
  expect(currencies.results).toHaveLength(ofType(heard.forex, 'C').length);
  const contracts = await massive.getOptionsTrades({
    optionsTicker: 'O:SPY261218C00650000',
    order: GetOptionsTradesOrderEnum.Asc,
    limit: 60,
  });
  expect(contracts.results).toHaveLength(ofType(heard.options, 'T').length);
});

test('both read the last, snapshots, days, the market and the tickers', async () => {
  const last = ofType(heard.stocks, 'T').at(-1);
  const { results } = await massive.getLastStocksTrade({ stocksTicker: 'AAPL' });
  expect([results?.i, results?.p]).toEqual([last?.['i'], last?.['p']]);
  const { ticker: snapshot } = await massive.getStocksSnapshotTicker({ stocksTicker: 'AAPL' });
  const newest = lastBars(heard.stocks, 'AM').at(-1);
  expect([snapshot?.ticker, snapshot?.min?.c, snapshot?.min?.t]).toEqual(['AAPL', newest?.['c'], newest?.['s']]);
  const grouped = await massive.getGroupedStocksAggregates({ date: from });
  const openClose = await massive.getStocksOpenClose({ stocksTicker: 'AAPL', date: from });
  expect([openClose.close, openClose.volume]).toEqual([grouped.results?.[0]?.c, grouped.results?.[0]?.v]);
  expect((await massive.getMarketStatus()).market).toBe('open');
  expect((await polygon.reference.marketStatus()).exchanges?.nyse).toBe('open');
  const tickers = ['AAPL', 'C:EURUSD', 'X:BTCUSD'];
  expect((await polygon.reference.tickers({ limit: 1 })).results?.map(({ ticker }) => ticker)).toEqual(tickers);
  const listed = await massive.listTickers({ limit: 2 });
  expect(listed.results?.map(({ ticker }) => ticker).toSorted()).toEqual(tickers);
});
