import { Alpaca } from '@alpacahq/alpaca-trade-api';
import { afterEach, expect, test } from 'vitest';
import type { MarketEvent } from '../../market/event.ts';
import { startPapertape, type Papertape } from '../../server/index.ts';
import { scenarioSchema } from '../../server/scenario/schema.ts';
import { bar, opening, quote, status, trade } from '../helpers/events.ts';
import { memorySource } from '../helpers/memory-source.ts';

// @alpacahq/alpaca-trade-api 4.x, unmodified, by its documented `url` option. It speaks MessagePack and logs in on its own.
type Stream = ReturnType<Alpaca['marketData']['stockStream']>;

const second = 1_000_000_000n;
const minute = 60n * second;
const open: (() => void | PromiseLike<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function serve(events: readonly MarketEvent[], replay: object = {}): Promise<Papertape> {
  const scenario = scenarioSchema.parse({
    name: 'sdk',
    tapes: [{ file: 'given.ndjson' }],
    replay: { mode: 'single_pass', speed: 'max', startOn: 'command', ...replay },
  });
  const papertape = await startPapertape({ scenario, port: 0, tapes: [memorySource(events)] });
  open.push(() => papertape[Symbol.asyncDispose]());
  return papertape;
}

function connect(papertape: Papertape, path = '/v2/sip'): Stream {
  const alpaca = new Alpaca({ keyId: 'key', secret: 'secret' });
  const stream = alpaca.marketData.stockStream({ url: `${papertape.url}${path}`, initialReconnectMs: 10 });
  open.push(() => stream.disconnect());
  return stream;
}

/** Resolves when the server has granted what the SDK holds of a channel. */
async function ready(stream: Stream, subscribe: () => void): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.onConnect(resolve);
    stream.connect();
  });
  subscribe();
}

const heardBy = (papertape: Papertape): number =>
  [...papertape.run.sessions].reduce((sum, { subscriptions }) => sum + subscriptions.list().length, 0);

test('the SDK hears trades, quotes, statuses and every kind of bar, with all their digits', async () => {
  const events = [
    status(opening),
    quote(opening + 1n),
    trade(opening + 123_456_789n, { id: '9007199254740993', conditions: ['@', 'I'], size: 40 }),
    bar('daily-bar', opening - 10n * 3600n * second - 1800n * second, opening + minute),
    bar('bar', opening, opening + minute + second / 2n),
    bar('updated-bar', opening, opening + minute + 30n * second, { close: 231.46, trades: 312 }),
  ];
  const papertape = await serve(events);
  const stream = connect(papertape);
  const heard: { kind: string; event: unknown }[] = [];
  const all = new Promise<void>((resolve) => {
    const hear = (kind: string) => (event: unknown) => {
      heard.push({ kind, event });
      if (heard.length === events.length) resolve();
    };
    stream.onTrade(hear('trade')).onQuote(hear('quote')).onStatus(hear('status'));
    stream.onBar(hear('bar')).onUpdatedBar(hear('updated-bar')).onDailyBar(hear('daily-bar'));
  });
  await ready(stream, () => {
    stream.subscribeForTrades(['AAPL']);
    stream.subscribeForQuotes(['AAPL']);
    stream.subscribeForStatuses(['AAPL']);
    stream.subscribeForBars(['AAPL']);
    stream.subscribeForUpdatedBars(['AAPL']);
    stream.subscribeForDailyBars(['AAPL']);
  });
  await expect.poll(() => heardBy(papertape)).toBe(8);
  papertape.run.play();
  await all;
  expect(heard.map(({ kind }) => kind)).toEqual(events.map(({ kind }) => kind));
  const of = (kind: string) => heard.find((one) => one.kind === kind)?.event;
  expect(of('trade')).toMatchObject({
    symbol: 'AAPL',
    idRaw: '9007199254740993',
    exchange: 'V',
    price: 231.47,
    size: 40,
    conditions: ['@', 'I'],
    tape: 'C',
    timestampRaw: '2026-07-01T14:30:00.123456789Z',
  });
  expect(of('quote')).toMatchObject({ bidPrice: 231.45, bidSize: 200, askPrice: 231.49, askSize: 100, tape: 'C' });
  expect(of('status')).toMatchObject({ statusCode: 'H', reasonCode: 'T12' });
  expect(of('bar')).toMatchObject({
    open: 231.4,
    high: 231.52,
    low: 231.31,
    close: 231.47,
    volume: 18_422,
    tradeCount: 311,
    vwap: 231.418733,
    timestampRaw: '2026-07-01T14:30:00.000000000Z',
  });
  expect(of('updated-bar')).toMatchObject({ close: 231.46, tradeCount: 312 });
  expect(of('daily-bar')).toMatchObject({ timestampRaw: '2026-07-01T04:00:00.000000000Z' });
});

test('after the SDK unsubscribes from one symbol it hears only the others', async () => {
  const events = ['AAPL', 'MSFT', 'AAPL', 'SPY'].map((symbol, index) =>
    trade(opening + BigInt(index), { symbol, id: String(index) }),
  );
  const papertape = await serve(events);
  const stream = connect(papertape);
  const heard: string[] = [];
  const last = new Promise<void>((resolve) => {
    stream.onTrade(({ symbol }) => {
      heard.push(symbol);
      if (symbol === 'SPY') resolve();
    });
  });
  await ready(stream, () => {
    stream.subscribeForTrades(['AAPL', 'MSFT', 'SPY']);
    stream.unsubscribeFromTrades(['AAPL']);
  });
  await expect
    .poll(() => [...papertape.run.sessions].flatMap(({ subscriptions }) => subscriptions.list()[0]?.symbols ?? []))
    .toEqual(['MSFT', 'SPY']);
  papertape.run.play();
  await last;
  expect(heard).toEqual(['MSFT', 'SPY']);
});

test('a dropped SDK comes back, subscribes again and hears the rest of the tape', async () => {
  const events = Array.from({ length: 10 }, (_, index) => trade(opening + BigInt(index), { id: String(index) }));
  const papertape = await serve(events);
  const stream = connect(papertape);
  const heard: (string | undefined)[] = [];
  let first = (): void => undefined;
  let done = (): void => undefined;
  const firstHeard = new Promise<void>((resolve) => (first = resolve));
  const allHeard = new Promise<void>((resolve) => (done = resolve));
  stream.onTrade(({ idRaw }) => {
    heard.push(idRaw);
    first();
    if (idRaw === '9') done();
  });
  const back = new Promise<void>((resolve) => void stream.onReconnected(resolve));
  await ready(stream, () => stream.subscribeForTrades(['AAPL']));
  await expect.poll(() => heardBy(papertape)).toBe(3);
  papertape.run.step('event');
  await firstHeard;
  for (const { line } of papertape.run.sessions) line.drop();
  await back;
  await expect.poll(() => heardBy(papertape)).toBe(3);
  papertape.run.play();
  await allHeard;
  expect(heard).toEqual(events.map(({ id }) => id));
});

test('the SDK hears FAKEPACA on the test stream while the scenario has not begun', async () => {
  const papertape = await serve([trade(opening)]);
  const stream = connect(papertape, '/v2/test');
  const heard = new Promise<string>((resolve) => void stream.onQuote(({ symbol }) => resolve(symbol)));
  await ready(stream, () => stream.subscribeForQuotes(['FAKEPACA']));
  expect(await heard).toBe('FAKEPACA');
});
