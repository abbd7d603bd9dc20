import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { certificateFiles, makeCertificates } from '../../bin/certificates.ts';
import type { MarketEvent } from '../../market/event.ts';
import { minute, second } from '../../market/nanos.ts';
import { startPapertape, type Papertape } from '../../server/index.ts';
import { scenarioSchema } from '../../server/scenario/schema.ts';
import type { Row } from '../helpers/asker.ts';
import { book, news, opening, quote, status, trade } from '../helpers/events.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { Sdk3Bot, type Wishes } from '../helpers/sdk-3-bot.ts';

// @alpacahq/alpaca-trade-api 3.x over wss and https: its streams, and its REST client, which must tell what they told, row for row.

const stocks = ['AAPL', 'MSFT'];
const coins = ['BTC/USD', 'ETH/USD'];
const contracts = ['AAPL260918C00230000', 'MSFT260918P00450000'];

/** Three hours in which stocks, coins and options trade, some trades late, and news about them. */
function day(): readonly MarketEvent[] {
  const events: MarketEvent[] = [];
  for (let index = 0; index < 2400; index++) {
    const at = opening - 3600n * second + BigInt(index) * 5_000_000_001n;
    const id = String(index + 1);
    const [symbol = '', coin = '', contract = ''] = [stocks, coins, contracts].map((names) => names[index % 2]);
    const price = Math.round((230 + Math.sin(index / 50) * 5) * 100) / 100;
    const late = index % 97 === 0 ? at - 45n * second : undefined;
    events.push(quote(at, { symbol, bidPrice: price - 0.01, bidSize: index }));
    events.push(
      trade(at, { symbol, id, price, conditions: index % 11 === 0 ? ['@', 'I'] : ['@'], participantAt: late }),
    );
    if (index % 500 === 0) events.push(status(at, { symbol }));
    const inCoin = { market: 'crypto', symbol: coin } as const;
    events.push(trade(at, { ...inCoin, id: String(2n ** 60n + BigInt(index)), price, size: 0.00417, taker: 'sell' }));
    if (index % 3 === 0) events.push(quote(at, { ...inCoin, bidPrice: price, bidSize: 0.8312 }));
    if (index % 300 === 0) events.push(book(at, { symbol: coin }));
    const option = { market: 'options', symbol: contract, conditions: ['a'] } as const;
    events.push(trade(at, { ...option, price, size: 1 + (index % 7), exchange: 'C' }), quote(at, option));
    if (index % 20 === 0) events.push(news(at, { id, symbols: index % 40 === 0 ? stocks : ['AAPL', 'BTCUSD'] }));
  }
  return [...events, ...lastWords(opening + 4n * 3600n * second)];
}

/** One event for each stream, by which a client knows that it has heard all others. */
function lastWords(at: bigint): readonly MarketEvent[] {
  return [
    quote(at, { symbol: 'MSFT', bidSize: 77_777 }),
    quote(at, { market: 'crypto', symbol: 'BTC/USD', bidSize: 77_777 }),
    quote(at, { market: 'options', symbol: contracts[0] ?? '', bidSize: 77_777, conditions: ['A'] }),
    news(at, { id: '77777' }),
  ];
}
const isLast = ({ BidSize, ID }: Row): boolean => BidSize === 77_777 || ID === 77777;

const wishes: Wishes = {
  stocks: { Trades: stocks, Quotes: stocks, Bars: stocks, UpdatedBars: stocks, DailyBars: stocks, Statuses: stocks },
  crypto: { Trades: coins, Quotes: coins, Bars: coins, UpdatedBars: coins, DailyBars: coins, Orderbooks: coins },
  options: { Trades: contracts, Quotes: contracts },
  news: { News: ['*'] },
};

const place = mkdtempSync(join(tmpdir(), 'papertape-sdk-3-'));
const inPlace = (name: string): string => join(place, name);
let papertape: Papertape;
let bot: Sdk3Bot;
beforeAll(async () => {
  await makeCertificates(place, [], Date.now(), false);
  papertape = await serve(day());
  bot = new Sdk3Bot(papertape, inPlace(certificateFiles.authority), wishes);
  const wanted = {
    '/v2/sip': each(['trade', 'quote', 'bar', 'updated-bar', 'daily-bar', 'status', 'correction', 'cancel'], stocks),
    '/v1beta3/crypto/us': each(['trade', 'quote', 'bar', 'updated-bar', 'daily-bar', 'book'], coins),
    '/v1beta1/opra': each(['trade', 'quote'], contracts),
    '/v1beta1/news': { news: ['*'] },
  };
  await vi.waitFor(() => expect(granted(papertape)).toEqual(wanted), { timeout: 10_000 });
  papertape.run.play();
  for (const stream of Object.keys(wishes)) await bot.until((one) => one.stream === stream && isLast(one.row));
});
afterAll(async () => {
  await bot[Symbol.asyncDispose]();
  await papertape[Symbol.asyncDispose]();
  rmSync(place, { recursive: true, force: true });
});

async function serve(events: readonly MarketEvent[]): Promise<Papertape> {
  const scenario = scenarioSchema.parse({
    name: 'sdk-3',
    tapes: [{ file: 'given.ndjson' }],
    replay: { mode: 'single_pass', speed: 'max', startOn: 'command' },
  });
  const [cert, key] = [certificateFiles.cert, certificateFiles.key].map((name) => readFileSync(inPlace(name), 'utf8'));
  const tls = { cert: cert ?? '', key: key ?? '' };
  return startPapertape({ scenario, port: 0, tls, tapes: [memorySource(events)] });
}

const each = (channels: readonly string[], symbols: readonly string[]): Record<string, readonly string[]> =>
  Object.fromEntries(channels.map((channel) => [channel, symbols]));

/** What the server has granted to the data streams: channels and symbols by path. */
function granted({ run }: Papertape): Record<string, Record<string, readonly string[]>> {
  return Object.fromEntries(
    [...run.sessions]
      .filter(({ stream }) => stream.path !== '/stream')
      .map(({ stream, subscriptions }) => [
        stream.path,
        Object.fromEntries(subscriptions.list().map(({ channel, symbols }) => [channel, symbols])),
      ]),
  );
}

/** Nanoseconds since 1970 of a time as REST spells it. */
function instant(text: string): bigint {
  const [, whole = '', fraction = ''] = /^(.{19})(?:\.(\d+))?Z$/.exec(text) ?? [];
  return BigInt(Date.parse(`${whole}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** REST's times are text with all digits; on a stream the SDK rounds them to a Date's millisecond. */
const time = z.union([z.date().transform(Number), z.string().transform((text) => rounded(instant(text)))]);
const rounded = (at: bigint): number => Number((at + 500_000n) / 1_000_000n);

/** A row as both sides have it: without type and symbol, which REST tells elsewhere, and without the images that streams have not. */
function plain(row: Row): Row {
  const { T: _type, S: _symbol, Symbol: _name, Images: _images, ...kept } = row;
  const rest: Record<string, unknown> = kept;
  for (const name of ['Timestamp', 'CreatedAt', 'UpdatedAt']) if (name in rest) rest[name] = time.parse(rest[name]);
  return rest;
}

/** What the streams brought of some kinds, by symbol. */
function streamed(stream: string, ...kinds: readonly string[]): Map<string, readonly Row[]> {
  const rows = new Map<string, Row[]>();
  for (const hearing of bot.heard) {
    if (hearing.stream !== stream || !kinds.includes(hearing.kind)) continue;
    const symbol = String(hearing.row['Symbol'] ?? hearing.row['S']);
    const list = rows.get(symbol) ?? [];
    rows.set(symbol, list);
    list.push(plain(hearing.row));
  }
  return rows;
}

/** Minute bars as a client has them that replaces each by its change. */
function barsHeard(stream: string): Map<string, readonly Row[]> {
  const latest = (rows: readonly Row[]): Row[] => [...new Map(rows.map((row) => [row['Timestamp'], row])).values()];
  return new Map([...streamed(stream, 'bar', 'updated-bar')].map(([symbol, rows]) => [symbol, latest(rows)]));
}

const rowList = z.array(z.record(z.string(), z.unknown()));
const list = async (call: string, ...args: unknown[]): Promise<Row[]> =>
  rowList.parse(await bot.call(call, args)).map(plain);
const lists = async (call: string, ...args: unknown[]): Promise<Map<string, Row[]>> =>
  new Map(
    [...z.map(z.string(), rowList).parse(await bot.call(call, args))].map(([name, rows]) => [name, rows.map(plain)]),
  );

const wide = { start: '2026-07-01T00:00:00Z', end: '2026-07-03T00:00:00Z' };
/** Pages of one symbol are of the server's length (1000) unless a total is given, too; those of many obey at once. */
const paged = { ...wide, limit: 1_000_000, pageLimit: 271 };

test('every stream of the SDK brings all that was played, over wss, and no error', () => {
  const played = (market: string, kind: string) =>
    day().filter((event) => event.market === market && event.kind === kind);
  const counted = (stream: string, kind: string) =>
    bot.heard.filter((one) => one.stream === stream && one.kind === kind);
  for (const [stream, kind] of [
    ...['trade', 'quote', 'status'].map((one) => ['stocks', one] as const),
    ...['trade', 'quote', 'book'].map((one) => ['crypto', one] as const),
    ...['trade', 'quote'].map((one) => ['options', one] as const),
  ])
    expect([stream, kind, counted(stream, kind).length]).toEqual([stream, kind, played(stream, kind).length]);
  expect(counted('news', 'news')).toHaveLength(121);
  for (const stream of ['stocks', 'crypto'])
    for (const kind of ['bar', 'daily-bar']) expect(counted(stream, kind).length).toBeGreaterThan(100);
  expect(counted('stocks', 'updated-bar').length).toBeGreaterThan(10);
  expect(bot.errors).toEqual([]);
});

test('the SDK pages trades and quotes of stocks to the end, and they are those of its stream, row for row', async () => {
  const [trades, quotes] = [streamed('stocks', 'trade'), streamed('stocks', 'quote')];
  expect(trades.get('AAPL')).toHaveLength(1200);
  for (const asked of [wide, paged]) {
    expect(await list('getTradesV2', 'AAPL', asked)).toEqual(trades.get('AAPL'));
    expect(await list('getQuotesV2', 'MSFT', asked)).toEqual(quotes.get('MSFT'));
  }
  expect(await lists('getMultiTradesV2', stocks, paged)).toEqual(trades);
  expect(await lists('getMultiQuotesV2', stocks, paged)).toEqual(quotes);
  const given = await bot.call('getTradesV2', ['AAPL', paged]);
  const instants = z.array(z.object({ Timestamp: z.string().transform(instant) })).parse(given);
  const ofTape = day().filter(({ kind, symbol }) => kind === 'trade' && symbol === 'AAPL');
  expect(instants.map(({ Timestamp }) => Timestamp)).toEqual(ofTape.map(({ at }) => at));
});

test('the SDK pages minute bars of stocks, late trades counted in, and the day', async () => {
  const bars = barsHeard('stocks');
  const asked = { ...paged, pageLimit: 50, timeframe: '1Min' };
  expect(await list('getBarsV2', 'AAPL', asked)).toEqual(bars.get('AAPL'));
  expect(await lists('getMultiBarsV2', stocks, asked)).toEqual(bars);
  const days = [...streamed('stocks', 'daily-bar')].map(([symbol, rows]) => [symbol, rows.slice(-1)] as const);
  expect(await lists('getMultiBarsV2', stocks, { ...wide, timeframe: '1Day' })).toEqual(new Map(days));
});

test('the SDK pages trades, quotes and bars of coins, and knows their books', async () => {
  expect(await lists('getCryptoTrades', coins, paged)).toEqual(streamed('crypto', 'trade'));
  expect(await lists('getCryptoQuotes', coins, paged)).toEqual(streamed('crypto', 'quote'));
  expect(await lists('getCryptoBars', coins, { ...paged, timeframe: '1Min' })).toEqual(barsHeard('crypto'));
  const books = z
    .map(z.string(), z.record(z.string(), z.unknown()))
    .parse(await bot.call('getCryptoOrderbooks', [coins]));
  const { r: whole, ...last } = streamed('crypto', 'book').get('BTC/USD')?.at(-1) ?? {};
  expect(whole).toBe(true);
  expect(plain(books.get('BTC/USD') ?? {})).toEqual(last);
});

test('the SDK pages trades and bars of options, and has their latest quotes', async () => {
  const trades = streamed('options', 'trade');
  expect(await lists('getOptionTrades', contracts, paged)).toEqual(trades);
  const bars = await lists('getOptionBars', contracts, { ...paged, timeframe: '1Min' });
  expect(bars).toEqual(new Map([...trades].map(([symbol, rows]) => [symbol, barsOf(rows)])));
  const latest = z
    .map(z.string(), z.record(z.string(), z.unknown()))
    .parse(await bot.call('getOptionLatestQuotes', [contracts]));
  const lastQuotes = [...streamed('options', 'quote')].map(([symbol, rows]) => [symbol, rows.at(-1)] as const);
  expect(new Map([...latest].map(([symbol, row]) => [symbol, plain(row)]))).toEqual(new Map(lastQuotes));
});

/** Minute bars that follow from trades of options: their stream has none (sheet §4). */
function barsOf(rows: readonly Row[]): Row[] {
  const trades = z.array(z.object({ Price: z.number(), Size: z.number(), Timestamp: z.number() })).parse(rows);
  const length = Number(minute / 1_000_000n);
  const minutes = new Map<number, typeof trades>();
  for (const one of trades) {
    const start = one.Timestamp - (one.Timestamp % length);
    minutes.set(start, [...(minutes.get(start) ?? []), one]);
  }
  return [...minutes].map(([start, within]) => {
    const prices = within.map(({ Price }) => Price);
    const volume = within.reduce((sum, { Size }) => sum + Size, 0);
    const turnover = within.reduce((sum, { Price, Size }) => sum + Price * Size, 0);
    return {
      Open: prices[0],
      High: Math.max(...prices),
      Low: Math.min(...prices),
      Close: prices.at(-1),
      Volume: volume,
      Timestamp: start,
      TradeCount: within.length,
      VWAP: Math.round((turnover / volume) * 1e6) / 1e6,
    };
  });
}

test('the SDK pages news to the end, as its stream told them', async () => {
  const asked = { ...wide, totalLimit: 1000, pageLimit: 7, sort: 'asc', includeContent: true };
  const all = streamed('news', 'news').get('undefined') ?? [];
  expect(await list('getNews', asked)).toEqual(all);
  const some = all.filter(({ Symbols }) => z.array(z.string()).parse(Symbols).includes('MSFT'));
  expect(await list('getNews', { ...asked, symbols: ['MSFT'] })).toEqual(some);
  expect(some).toHaveLength(60);
});
