import { expect, test } from 'vitest';
import { ManualClock } from '../../../../market/clock.ts';
import type { MarketEvent } from '../../../../market/event.ts';
import { day, millis, second, seconds } from '../../../../market/nanos.ts';
import type { Papertape } from '../../../../server/index.ts';
import type { ScenarioInput } from '../../../../server/scenario/schema.ts';
import { Caller, RefusedUpgrade } from '../../../helpers/caller.ts';
import { opening, price } from '../../../helpers/events.ts';
import { serve } from '../../../helpers/serve.ts';

type Switches = NonNullable<NonNullable<ScenarioInput['endpoints']>['twelvedata']>;

const later = opening + day;
/** One price of each kind a day from now: enough for its symbol to exist. */
const tape: readonly MarketEvent[] = [
  price(opening, { symbol: 'UNHEARD' }),
  price(later, { symbol: 'AAPL' }),
  price(later, { symbol: 'RY' }),
  price(later, { symbol: 'ZVZZT' }),
  price(later, { symbol: 'EUR/USD', market: 'forex' }),
  price(later, { symbol: 'BTC/USD', market: 'crypto' }),
  price(later, { symbol: 'NSEI', market: 'indices' }),
];

/** A client on a server of its own, on a clock that stands still. */
class Talk implements AsyncDisposable {
  readonly papertape: Papertape;
  readonly clock: ManualClock;
  readonly caller: Caller;

  private constructor(papertape: Papertape, clock: ManualClock, caller: Caller) {
    this.papertape = papertape;
    this.clock = clock;
    this.caller = caller;
  }

  static async begin(
    switches: Switches = {},
    rest: Partial<ScenarioInput> = {},
    events: readonly MarketEvent[] = tape,
  ): Promise<Talk> {
    const clock = new ManualClock(opening);
    const papertape = await serve(events, {}, { endpoints: { twelvedata: switches }, ...rest }, clock);
    return new Talk(papertape, clock, await Talk.#call(papertape, clock));
  }

  static #call(papertape: Papertape, clock: ManualClock): Promise<Caller> {
    return Caller.connect(`${papertape.url}/v1/quotes/price?apikey=demo`, clock);
  }

  /** One more connection of the same key. */
  another(): Promise<Caller> {
    return Talk.#call(this.papertape, this.clock);
  }

  /** Says something, and hears what is said at once in return; `undefined` is silence. */
  async say(message: object | string): Promise<unknown> {
    this.caller.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    return this.hear();
  }

  async subscribe(symbols: unknown): Promise<unknown> {
    return this.say({ action: 'subscribe', params: { symbols } });
  }

  async hear(): Promise<unknown> {
    const heard = await this.caller.next(0n);
    return heard?.kind === 'message' ? JSON.parse(heard.payload.toString()) : heard;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.caller[Symbol.asyncDispose]();
    await this.papertape[Symbol.asyncDispose]();
  }
}

const apple = {
  symbol: 'AAPL',
  exchange: 'NASDAQ',
  mic_code: 'XNGS',
  country: 'United States',
  type: 'Common Stock',
};
const granted = (...success: object[]): object => ({ event: 'subscribe-status', status: 'ok', success, fails: null });
const failed = (...symbols: string[]): object => ({
  event: 'subscribe-status',
  status: 'error',
  success: null,
  fails: symbols.map((symbol) => ({ symbol })),
});

test.each([
  ['AAPL', granted(apple)],
  [' AAPL , AAPL,', granted(apple)],
  ['AAPL:NASDAQ', granted(apple)],
  ['AAPL:NYSE', failed('AAPL:NYSE')],
  [['AAPL', 'NOPE'], { ...granted(apple), fails: [{ symbol: 'NOPE' }] }],
  [[{ symbol: 'AAPL', exchange: 'nasdaq', mic_code: 'XNAS', type: 'Common Stock' }], granted(apple)],
  [[{ symbol: 'AAPL', mic_code: 'XNYS' }], failed('AAPL')],
  [[{ symbol: 'AAPL', type: 'ETF' }], failed('AAPL')],
  [[{ symbol: 'RY', mic_code: 'XNYS' }], granted({ ...apple, symbol: 'RY', exchange: 'NYSE', mic_code: 'XNYS' })],
  [[{ symbol: 'ZVZZT', exchange: 'NASDAQ' }], granted({ ...apple, symbol: 'ZVZZT' })],
  [[{ symbol: 'NSEI', type: 'Index' }], granted({ symbol: 'NSEI', type: 'Index' })],
  ['BTC/USD:Binance', failed('BTC/USD:Binance')],
  ['BTCUSD,*', failed('BTCUSD', '*')],
  [[{ exchange: 'NASDAQ' }, 7], failed('')],
  ['', { ...failed(), fails: null }],
  [undefined, { ...failed(), fails: null }],
])('a subscription to %j is answered by what became of each symbol', async (symbols, answer) => {
  await using talk = await Talk.begin();
  expect(await talk.subscribe(symbols)).toEqual(answer);
});

test('empty lists, kinds and indices are written as the scenario says', async () => {
  await using talk = await Talk.begin({ emptyList: 'array', success: { types: 'codes', indices: 'full' } });
  expect(await talk.subscribe('EUR/USD,NSEI')).toEqual({
    event: 'subscribe-status',
    status: 'ok',
    success: [
      { symbol: 'EUR/USD', exchange: 'PHYSICAL CURRENCY', type: 'PHYSICAL_CURRENCY' },
      { symbol: 'NSEI', exchange: 'NSE', mic_code: 'XNSE', country: 'India', type: 'INDEX' },
    ],
    fails: [],
  });
});

test('what a client gives up it hears no more of, and cannot give up twice', async () => {
  const events = [...tape.slice(0, 1), price(opening + second, { symbol: 'AAPL' }), ...tape.slice(1)];
  await using talk = await Talk.begin({}, {}, events);
  const unsubscribe = { action: 'unsubscribe', params: { symbols: 'AAPL' } };
  await talk.subscribe('AAPL,EUR/USD');
  expect(await talk.subscribe('AAPL')).toEqual(granted(apple));
  expect(await talk.say(unsubscribe)).toEqual({ ...granted(apple), event: 'unsubscribe-status' });
  expect(await talk.say(unsubscribe)).toEqual({ ...failed('AAPL'), event: 'unsubscribe-status' });
  expect(await talk.say({ action: 'reset' })).toEqual({ event: 'reset-status', status: 'ok' });
  expect([...talk.papertape.run.sessions].map(({ subscriptions }) => subscriptions.empty)).toEqual([true]);
  talk.papertape.run.play();
  await talk.clock.advance(seconds(2));
  expect(await talk.hear()).toBeUndefined();
});

test('a reset may also pass in silence', async () => {
  await using talk = await Talk.begin({ resetStatus: 'silent' });
  expect(await talk.say({ action: 'reset' })).toBeUndefined();
});

test.each([
  ['{"action":', 'Message is not valid JSON.'],
  ['[]', 'Unknown action.'],
  ['null', 'Unknown action.'],
  ['{"action":["subscribe"]}', 'Unknown action.'],
])('%s is answered, and the connection stays open', async (message, answer) => {
  await using talk = await Talk.begin();
  expect(await talk.say(message)).toEqual({ event: 'message-processing', status: 'error', messages: [answer] });
  expect(await talk.say({ action: 'heartbeat' })).toEqual({ event: 'heartbeat', status: 'ok' });
});

test('a price says of its instrument what the tape says, then what the scenario lists, then what is well known', async () => {
  const at = opening + second;
  const events = [
    price(opening, { symbol: 'UNHEARD' }),
    price(at, { symbol: 'AAPL', price: 231.47, dayVolume: 31_694_100.4, bidPrice: 231.4, askPrice: 231.5 }),
    price(at, { symbol: 'AAPL', price: 4300.5, exchange: 'BMV', mic: 'XMEX', currency: 'MXN' }),
    price(at, { symbol: 'ECOPETROL', price: 1795 }),
    price(at, { symbol: 'USD/COP', market: 'forex', price: 4012.25, bidPrice: 4012, askPrice: 4012.5, dayVolume: 7 }),
    price(at, { symbol: 'NSEI', market: 'indices', price: 24_739.7 }),
  ];
  const listings = { ECOPETROL: { exchange: 'BVC', mic: 'XBOG', currency: 'COP', country: 'Colombia' } };
  await using talk = await Talk.begin({ listings }, {}, events);
  await talk.subscribe('AAPL,ECOPETROL,USD/COP,NSEI');
  talk.papertape.run.play();
  await talk.clock.advance(millis(1500));
  const timestamp = Number(at / second);
  const stock = { event: 'price', symbol: 'AAPL', type: 'Common Stock', timestamp };
  const heard = [];
  for (let next = await talk.hear(); next !== undefined; next = await talk.hear()) heard.push(next);
  expect(heard).toEqual([
    { ...stock, currency: 'USD', exchange: 'NASDAQ', mic_code: 'XNGS', price: 231.47, day_volume: 31_694_100 },
    { ...stock, currency: 'MXN', exchange: 'BMV', mic_code: 'XMEX', price: 4300.5 },
    { ...stock, symbol: 'ECOPETROL', currency: 'COP', exchange: 'BVC', mic_code: 'XBOG', price: 1795 },
    {
      event: 'price',
      symbol: 'USD/COP',
      currency_base: 'US Dollar',
      currency_quote: 'Colombian Peso',
      exchange: 'PHYSICAL CURRENCY',
      type: 'Physical Currency',
      timestamp,
      price: 4012.25,
      bid: 4012,
      ask: 4012.5,
    },
    {
      event: 'price',
      symbol: 'NSEI',
      currency: 'INR',
      exchange: 'NSE',
      mic_code: 'XNSE',
      type: 'Index',
      timestamp,
      price: 24_739.7,
    },
  ]);
});

test('trial plans hear trial symbols only, and no plan more symbols than its credits', async () => {
  const keys = [{ key: 'demo', plan: 'basic' }];
  await using trial = await Talk.begin(
    { trialSymbols: ['AAPL', 'EUR/USD', 'BTC/USD'], symbolLimit: { basic: 2 } },
    { keys },
  );
  expect(await trial.subscribe('RY')).toEqual(failed('RY'));
  expect(await trial.subscribe('AAPL,EUR/USD,BTC/USD')).toMatchObject({
    status: 'ok',
    success: [{ symbol: 'AAPL' }, { symbol: 'EUR/USD' }],
    fails: [{ symbol: 'BTC/USD' }],
  });
  await trial.say({ action: 'unsubscribe', params: { symbols: 'AAPL' } });
  expect(await trial.subscribe('BTC/USD')).toMatchObject({ status: 'ok', success: [{ symbol: 'BTC/USD' }] });
});

test('the hundred and first event of a minute is told its number, and the next minute begins anew', async () => {
  await using talk = await Talk.begin({ idle: 'never' });
  const beat = { action: 'heartbeat' };
  for (let turn = 0; turn < 100; turn++) expect(await talk.say(beat)).toMatchObject({ event: 'heartbeat' });
  const message = (count: number): string =>
    `The server received ${count} events from you, which exceeds the limit of 100 events per minute. ` +
    'You may wait for the next minute or contact our technical support to increase the limits.';
  const refused = (count: number): object => ({
    event: 'message-processing',
    status: 'error',
    messages: [message(count)],
  });
  expect(await talk.say(beat)).toEqual(refused(101));
  expect(await talk.subscribe('AAPL')).toEqual(refused(102));
  await talk.clock.advance(seconds(60));
  expect(await talk.subscribe('AAPL')).toEqual(granted(apple));
});

test.each([
  [1008, 1008],
  ['none', 1006],
] as const)(
  'one connection too many closes the oldest with %s, which a client sees as %d',
  async (evictionCode, seen) => {
    await using talk = await Talk.begin({ evictionCode, connectionLimit: { pro: 2 } });
    await using second_ = await talk.another();
    await using third = await talk.another();
    expect(await talk.hear()).toMatchObject({ kind: 'close', code: seen });
    expect([await second_.next(0n), await third.next(0n)]).toEqual([undefined, undefined]);
  },
);

test.each([401, 403, 200] as const)(
  'a wrong key is answered %d before the upgrade, with the error as JSON',
  async (badKey) => {
    const keys = [{ key: 'demo' }];
    await using talk = await Talk.begin({ badKey }, { keys });
    const url = `${talk.papertape.url}/v1/quotes/price`;
    const refusal = await Caller.connect(`${url}?apikey=wrong`, talk.clock).catch((error: unknown) => error);
    if (!(refusal instanceof RefusedUpgrade)) throw new Error(`expected a refusal, not ${String(refusal)}`);
    expect(refusal.status).toBe(badKey);
    expect(JSON.parse(refusal.body)).toMatchObject({ code: 401, status: 'error' });
    await using named = await Caller.connect(`${url}?APIKEY=demo`, talk.clock);
    await using header = await Caller.connect(url, talk.clock, { 'X-TD-APIKEY': 'demo' });
    expect([named.closed, header.closed]).toEqual([false, false]);
  },
);

test('a heartbeat a minute keeps a connection, silence ends it, and silence may be forgiven', async () => {
  await using talk = await Talk.begin({ idle: '60s' });
  await talk.clock.advance(seconds(59));
  await talk.say({ action: 'heartbeat' });
  await talk.clock.advance(seconds(59));
  expect(await talk.hear()).toBeUndefined();
  await talk.clock.advance(seconds(1));
  expect(await talk.hear()).toMatchObject({ kind: 'close', code: 1006 });
  await using patient = await Talk.begin();
  await patient.clock.advance(seconds(86_400));
  expect(await patient.say({ action: 'heartbeat' })).toMatchObject({ event: 'heartbeat' });
});
