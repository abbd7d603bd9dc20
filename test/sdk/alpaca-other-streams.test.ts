import { Alpaca } from '@alpacahq/alpaca-trade-api';
import { afterEach, expect, test } from 'vitest';
import { SystemClock } from '../../market/clock.ts';
import type { MarketEvent } from '../../market/event.ts';
import type { Papertape } from '../../server/index.ts';
import type { ScenarioInput } from '../../server/scenario/schema.ts';
import { bar, book, news, opening, quote, trade } from '../helpers/events.ts';
import { serve as serveEvents } from '../helpers/serve.ts';

// @alpacahq/alpaca-trade-api 4.x, unmodified, pointed here by its documented `url` option alone.
const alpaca = new Alpaca({ keyId: 'key', secret: 'secret' });
const { marketData, trading } = alpaca;
type DataStream = ReturnType<typeof marketData.cryptoStream>;

const minute = 60_000_000_000n;
const pair = { market: 'crypto', symbol: 'BTC/USD' } as const;
const contract = { market: 'options', symbol: 'AAPL260918C00230000' } as const;
const open: (() => void | PromiseLike<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function serve(events: readonly MarketEvent[], changes: Partial<ScenarioInput> = {}): Promise<Papertape> {
  const papertape = await serveEvents(events, { speed: 'max' }, changes, new SystemClock());
  open.push(() => papertape[Symbol.asyncDispose]());
  return papertape;
}

/** Connects, subscribes, plays once the server has granted `granted` channels, and resolves when `count` events were heard. */
async function hear(
  papertape: Papertape,
  stream: DataStream,
  subscribe: (stream: DataStream) => void,
  granted: number,
  count: number,
): Promise<readonly unknown[]> {
  open.push(() => stream.disconnect());
  const heard: unknown[] = [];
  const all = new Promise<void>((resolve) => {
    const take = (event: unknown): void => {
      heard.push(event);
      if (heard.length === count) resolve();
    };
    stream.onTrade(take).onQuote(take).onBar(take).onUpdatedBar(take).onDailyBar(take).onOrderbook(take).onNews(take);
  });
  await new Promise<void>((resolve) => {
    stream.onConnect(resolve);
    stream.connect();
  });
  subscribe(stream);
  const held = (): number => [...papertape.run.sessions].flatMap(({ subscriptions }) => subscriptions.list()).length;
  await expect.poll(held).toBe(granted);
  papertape.run.play();
  await all;
  return heard;
}

test('the SDK keeps a crypto book, and hears trades, quotes and bars with their fractions', async () => {
  const change = { reset: false, bids: [{ price: 64204, size: 0 }], asks: [] };
  const deal = { ...pair, id: '4611730215998423041', price: 64211.5, size: 0.00417, taker: 'buy' } as const;
  const papertape = await serve([
    book(opening),
    trade(opening + 1n, { ...deal, exchange: undefined, conditions: [], tape: undefined }),
    quote(opening + 2n, { ...pair, bidSize: 0.8312, askSize: 1.66 }),
    book(opening + 3n, change),
    bar('bar', opening - minute, opening + 4n, { ...pair, volume: 0.10241, trades: 7 }),
    bar('updated-bar', opening - minute, opening + 5n, { ...pair, volume: 0.2 }),
    bar('daily-bar', opening - (opening % (1440n * minute)), opening + 6n, { ...pair, volume: 12.5 }),
    // Another market's trade under the same name is none of this stream's.
    trade(opening + 7n, { market: 'forex', symbol: 'BTC/USD' }),
    quote(opening + 8n, { ...pair, bidSize: 0.5 }),
  ]);
  const heard = await hear(
    papertape,
    marketData.cryptoStream({ url: `${papertape.url}/v1beta3/crypto/us` }),
    (stream) => {
      stream.subscribeForTrades(['BTC/USD']);
      stream.subscribeForQuotes(['BTC/USD']);
      stream.subscribeForOrderbooks(['BTC/USD']);
      stream.subscribeForBars(['BTC/USD']);
      stream.subscribeForUpdatedBars(['BTC/USD']);
      stream.subscribeForDailyBars(['BTC/USD']);
    },
    6,
    8,
  );
  expect(heard).toMatchObject([
    {
      symbol: 'BTC/USD',
      reset: true,
      bids: [{ price: 64205.1, size: 0.8312 }],
      asks: [{ price: 64214.9, size: 1.66 }],
    },
    { idRaw: '4611730215998423041', price: 64211.5, size: 0.00417, takerSide: 'B' },
    { bidSize: 0.8312, askSize: 1.66 },
    { reset: false, bids: [{ price: 64204, size: 0 }], asks: [] },
    { volume: 0.10241, tradeCount: 7, timestampRaw: '2026-07-01T14:29:00.000000000Z' },
    { volume: 0.2 },
    { volume: 12.5, timestampRaw: '2026-07-01T00:00:00.000000000Z' },
    { bidSize: 0.5 },
  ]);
});

test('the SDK hears option trades and quotes, their conditions as one text', async () => {
  const papertape = await serve([
    trade(opening + 500_000_000n, { ...contract, price: 6.35, size: 2, exchange: 'C', conditions: ['I'] }),
    quote(opening + 600_000_000n, { ...contract, bidPrice: 6.3, bidSize: 41, bidExchange: 'C', conditions: ['A'] }),
  ]);
  const heard = await hear(
    papertape,
    marketData.optionStream({ url: `${papertape.url}/v1beta1/indicative` }),
    (stream) => {
      stream.subscribeForTrades([contract.symbol]);
      stream.subscribeForQuotes([contract.symbol]);
    },
    2,
    2,
  );
  const timestampRaw = '2026-07-01T14:30:00.500000000Z';
  expect(heard).toMatchObject([
    { symbol: contract.symbol, price: 6.35, size: 2, exchange: 'C', conditions: 'I', timestampRaw },
    { symbol: contract.symbol, bidPrice: 6.3, bidSize: 41, bidExchange: 'C', conditions: 'A' },
  ]);
});

test.each([
  ['all news', '*', ['1', '2', '3', '4']],
  ['the news about one symbol, wherever it is named', 'AAPL', ['1', '3']],
])('the SDK hears %s', async (_what, symbol, ids) => {
  const about = [['AAPL'], ['MSFT'], ['MSFT', 'AAPL', 'BTCUSD'], []];
  const papertape = await serve(
    about.map((symbols, index) => news(opening + BigInt(index), { id: String(index + 1), symbols })),
  );
  const heard = await hear(
    papertape,
    marketData.newsStream({ url: `${papertape.url}/v1beta1/news` }),
    (stream) => stream.subscribeForNews([symbol]),
    1,
    ids.length,
  );
  expect(heard.map((item) => Object(item).idRaw)).toEqual(ids);
  const createdAt = new Date('2026-07-01T14:30:00Z');
  const said = { headline: 'Example headline', source: 'benzinga', content: '<p>Body</p>' };
  expect(heard[0]).toMatchObject({ ...said, symbols: ['AAPL'], createdAt, updatedAt: createdAt });
});

test('the SDK is told that nobody hears the quotes of all options', async () => {
  const papertape = await serve([trade(opening, contract)]);
  const stream = marketData.optionStream({ url: `${papertape.url}/v1beta1/opra` });
  open.push(() => stream.disconnect());
  const refused = new Promise<string>((resolve) => void stream.onError(resolve));
  stream.onConnect(() => stream.subscribeForQuotes(['*']));
  stream.connect();
  expect(await refused).toBe('star subscription is not allowed for option quotes');
});

test('the SDK is authorized on the trading stream and listens to its updates', async () => {
  const papertape = await serve([trade(opening)], { keys: [{ key: 'key', secret: 'secret' }] });
  const stream = trading.stream({ url: `${papertape.url}/stream` });
  open.push(() => stream.disconnect());
  const listening = new Promise<unknown>((resolve) => void stream.on('subscription', resolve));
  stream.subscribeTradeUpdates();
  stream.connect();
  expect(await stream.waitForAuthenticationResult()).toMatchObject({ authenticated: true });
  expect(await listening).toEqual(['trade_updates']);
  expect([...papertape.run.sessions].map((session) => session.listening)).toEqual([['order']]);
});

test('the SDK gives up on the trading stream when its key is wrong', async () => {
  const papertape = await serve([trade(opening)], { keys: [{ key: 'key', secret: 'another' }] });
  const stream = trading.stream({ url: `${papertape.url}/stream` });
  open.push(() => stream.disconnect());
  stream.onError(() => undefined);
  stream.connect();
  expect(await stream.waitForAuthenticationResult()).toMatchObject({ authenticated: false, message: 'auth failed' });
});
