import {
  AdvancedApi,
  BadRequestError,
  CreateConfig,
  CurrenciesApi,
  MarketDataApi,
  NotFoundError,
  type PriceEvent,
  ReferenceDataApi,
  type SubscribeStatusEvent,
  TooManyRequestsError,
  TwelvedataWebSocketClient,
  UnauthorizedError,
  WebSocketAuthError,
} from '@twelvedata/twelvedata-node';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { ManualClock } from '../../market/clock.ts';
import type { MarketEvent } from '../../market/event.ts';
import { second, seconds } from '../../market/nanos.ts';
import type { Papertape } from '../../server/index.ts';
import type { ScenarioInput } from '../../server/scenario/schema.ts';
import { playToEnd } from '../helpers/asker.ts';
import { opening, quote, trade } from '../helpers/events.ts';
import { serve } from '../helpers/serve.ts';

// The official SDK as it is published, pointed here by its own options and by nothing else.
const tape: readonly MarketEvent[] = [
  trade(opening, { id: '1', price: 231.4, size: 100 }),
  quote(opening + second, { market: 'forex', symbol: 'EUR/USD', bidPrice: 1.17029, askPrice: 1.17031 }),
  trade(opening + 2n * second, {
    market: 'crypto',
    symbol: 'BTC/USD',
    id: '2',
    price: 61_233.4,
    size: 0.25,
    conditions: [],
    tape: undefined,
  }),
  trade(opening + 61n * second, { id: '3', price: 231.5, size: 50 }),
];

async function served(rest: Partial<ScenarioInput> = {}): Promise<{ papertape: Papertape; clock: ManualClock }> {
  const clock = new ManualClock(opening);
  const papertape = await serve(tape, {}, { keys: [{ key: 'good' }], endpoints: { twelvedata: {} }, ...rest }, clock);
  return { papertape, clock };
}

/** A client of the stream that hears pongs and heartbeats often, so that a test need not wait for them. */
class Client implements AsyncDisposable {
  readonly socket: TwelvedataWebSocketClient;
  readonly prices: PriceEvent[] = [];
  readonly errors: Error[] = [];

  constructor({ url }: Papertape, apiKey = 'good') {
    this.socket = new TwelvedataWebSocketClient({
      apiKey,
      url: `${url}/v1/quotes/price`,
      heartbeatIntervalMs: 20,
      pingIntervalMs: 20,
      reconnect: { initialDelayMs: 1 },
    });
    this.socket.on('price', (event) => this.prices.push(event));
    this.socket.on('error', (error) => this.errors.push(error));
  }

  /** What the server said of the subscription that this asks for. */
  async asking(ask: () => unknown): Promise<SubscribeStatusEvent> {
    const said = new Promise<SubscribeStatusEvent>((resolve) => this.socket.once('subscribe-status', resolve));
    await ask();
    return await said;
  }

  async heard(count: number): Promise<void> {
    while (this.prices.length < count) await once(this.socket, 'price');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.socket.isConnected()) return;
    const closed = once(this.socket, 'close');
    this.socket.disconnect();
    await closed;
  }
}

test('the SDK subscribes, hears prices of every market, and gets its heartbeats and pings answered', async () => {
  const { papertape, clock } = await served();
  await using _papertape = papertape;
  await using client = new Client(papertape);
  await client.socket.connect();
  const status = await client.asking(() => client.socket.subscribe('AAPL,EUR/USD,BTC/USD,NOPE'));
  expect(status).toMatchObject({ status: 'ok', fails: [{ symbol: 'NOPE' }] });
  expect(status.success.map(({ symbol }) => symbol)).toEqual(['AAPL', 'EUR/USD', 'BTC/USD']);
  papertape.run.play();
  await clock.advance(seconds(2));
  // The server drops who is silent for a minute; the beat keeps this client.
  await once(client.socket, 'heartbeat');
  await clock.advance(seconds(59));
  await client.heard(4);
  const at = Number(opening / second);
  expect(client.prices).toEqual([
    {
      event: 'price',
      symbol: 'AAPL',
      currency: 'USD',
      exchange: 'NASDAQ',
      mic_code: 'XNGS',
      type: 'Common Stock',
      timestamp: at,
      price: 231.4,
      day_volume: 100,
    },
    {
      event: 'price',
      symbol: 'EUR/USD',
      currency_base: 'Euro',
      currency_quote: 'US Dollar',
      exchange: 'PHYSICAL CURRENCY',
      type: 'Physical Currency',
      timestamp: at + 1,
      price: 1.1703,
      bid: 1.17029,
      ask: 1.17031,
    },
    expect.objectContaining({ symbol: 'BTC/USD', price: 61_233.4, timestamp: at + 2 }),
    expect.objectContaining({ symbol: 'AAPL', price: 231.5, timestamp: at + 61, day_volume: 150 }),
  ]);
  expect(await once(client.socket, 'heartbeat')).toEqual([{ event: 'heartbeat', status: 'ok' }]);
  expect(client.errors).toEqual([]);
});

test('the SDK comes back after a drop, asks again for what it had, and hears on', async () => {
  const { papertape, clock } = await served();
  await using _papertape = papertape;
  await using client = new Client(papertape);
  await client.socket.connect();
  await client.asking(() => client.socket.subscribe(['AAPL', { symbol: 'EUR/USD', type: 'Physical Currency' }]));
  papertape.run.play();
  await clock.advance(seconds(1));
  await client.heard(2);
  const again = await client.asking(() => {
    for (const session of papertape.run.sessions) session.end('none');
  });
  expect(again.success.map(({ symbol }) => symbol)).toEqual(['AAPL', 'EUR/USD']);
  await clock.advance(seconds(1));
  await once(client.socket, 'heartbeat');
  await clock.advance(seconds(59));
  await client.heard(3);
  expect(client.prices.at(-1)).toMatchObject({ symbol: 'AAPL', price: 231.5 });
});

test.each([401, 403, 200] as const)(
  'the SDK knows a wrong key by an upgrade answered %d, and gives up',
  async (badKey) => {
    const { papertape } = await served({ endpoints: { twelvedata: { badKey } } });
    await using _papertape = papertape;
    const client = new Client(papertape, 'wrong');
    await expect(client.socket.connect()).rejects.toThrow(WebSocketAuthError);
  },
);

test('the SDK reads series, prices, quotes, rates, closes, usage and hours over REST', async () => {
  const { papertape, clock } = await served();
  await using _papertape = papertape;
  await playToEnd(papertape, clock);
  const config = CreateConfig('good', papertape.url.replace('ws', 'http'));
  const market = new MarketDataApi(config);
  const series = await market.getTimeSeries({ symbol: 'AAPL', interval: '1min', order: 'asc' });
  expect(series.meta).toMatchObject({ symbol: 'AAPL', exchangeTimezone: 'America/New_York', micCode: 'XNGS' });
  expect(series.values).toEqual([
    {
      datetime: '2026-07-01 10:30:00',
      open: '231.40000',
      high: '231.40000',
      low: '231.40000',
      close: '231.40000',
      volume: '100',
    },
    {
      datetime: '2026-07-01 10:31:00',
      open: '231.50000',
      high: '231.50000',
      low: '231.50000',
      close: '231.50000',
      volume: '50',
    },
  ]);
  expect(await market.getPrice({ symbol: 'AAPL' })).toEqual({ price: '231.50000' });
  expect(await market.getQuote({ symbol: 'AAPL' })).toMatchObject({ close: '231.50000', isMarketOpen: true });
  await expect(market.getEod({ symbol: 'AAPL' })).rejects.toThrow(BadRequestError);
  expect(await new CurrenciesApi(config).getExchangeRate({ symbol: 'EUR/USD' })).toMatchObject({ rate: 1.1703 });
  expect(await new AdvancedApi(config).getApiUsage()).toMatchObject({ currentUsage: 6, planLimit: 1597 });
  const [state] = await new ReferenceDataApi(config).getMarketState({ code: 'XNYS' });
  expect(state).toMatchObject({ isMarketOpen: true, timeToOpen: '00:00:00' });
});

test('the SDK throws its own errors for a wrong key, an unknown symbol and spent credits', async () => {
  const { papertape } = await served({ keys: [{ key: 'good', plan: 'basic' }] });
  await using _papertape = papertape;
  const url = papertape.url.replace('ws', 'http');
  await expect(new MarketDataApi(CreateConfig('wrong', url)).getPrice({ symbol: 'AAPL' })).rejects.toThrow(
    UnauthorizedError,
  );
  const market = new MarketDataApi(CreateConfig('good', url));
  for (let turn = 0; turn < 8; turn++) await expect(market.getPrice({ symbol: 'NOPE' })).rejects.toThrow(NotFoundError);
  await expect(market.getPrice({ symbol: 'AAPL' })).rejects.toThrow(TooManyRequestsError);
});
