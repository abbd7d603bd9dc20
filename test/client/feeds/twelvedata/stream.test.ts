import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { countOf, wantsOf } from '../../../../client/wants.ts';
import { hearing } from '../../../helpers/feed-ear.ts';
import { price } from '../../../helpers/events.ts';
import { transcriptsOf } from '../../../helpers/transcripts.ts';
import { feedOf } from './open.ts';

const key = { id: 'secret/key', secret: '' };
const at = 1_789_574_220_000_000_000n;
const wanting = (...symbols: readonly string[]) => wantsOf([['price', symbols]]);
const listed = { exchange: 'NASDAQ', mic: 'XNGS', currency: 'USD', instrument: 'Common Stock' } as const;
const currency = { baseCurrency: 'Euro', quoteCurrency: 'US Dollar', exchange: 'PHYSICAL CURRENCY' } as const;
const coin = { baseCurrency: 'Bitcoin', quoteCurrency: 'US Dollar', exchange: 'Coinbase Pro' } as const;

/** The prices of the fact sheet (§3), and what they mean. */
const samples = {
  stock: [
    '{"event":"price","symbol":"AAPL","currency":"USD","exchange":"NASDAQ","mic_code":"XNGS","type":"Common Stock","timestamp":1789574220,"price":231.47,"day_volume":31694100}',
    price(at, { ...listed, dayVolume: 31_694_100 }),
  ],
  currency: [
    '{"event":"price","symbol":"EUR/USD","currency_base":"Euro","currency_quote":"US Dollar","exchange":"PHYSICAL CURRENCY","type":"Physical Currency","timestamp":1789574220,"price":1.1703,"bid":1.17029,"ask":1.17031}',
    price(at, { market: 'forex', symbol: 'EUR/USD', ...currency, instrument: 'Physical Currency', price: 1.1703, bidPrice: 1.17029, askPrice: 1.17031 }),
  ],
  coin: [
    '{"event":"price","symbol":"BTC/USD","currency_base":"Bitcoin","currency_quote":"US Dollar","exchange":"Coinbase Pro","type":"Digital Currency","timestamp":1789574220,"price":61233.4,"bid":61233.1,"ask":61233.4,"day_volume":9611}',
    price(at, { market: 'crypto', symbol: 'BTC/USD', ...coin, instrument: 'Digital Currency', price: 61233.4, bidPrice: 61233.1, askPrice: 61233.4, dayVolume: 9611 }),
  ],
  index: [
    '{"event":"price","symbol":"NSEI","currency":"INR","exchange":"NSE","mic_code":"XNSE","type":"Index","timestamp":1789574220,"price":24739.7}',
    price(at, { market: 'indices', symbol: 'NSEI', exchange: 'NSE', mic: 'XNSE', currency: 'INR', instrument: 'Index', price: 24739.7 }),
  ],
} as const; // prettier-ignore

test.each(Object.entries(samples))('a price of a %s is heard with all that it says', (_, [wire, event]) => {
  expect(hearing(feedOf(), wire).all).toStrictEqual([event]);
});

test('a price of a pair is told from its kind in capitals, from its exchange, or from the settings', () => {
  const market = (said: object, options = {}): unknown =>
    hearing(feedOf(options), { event: 'price', symbol: 'A/B', timestamp: 1, price: 1, ...said }).events[0]?.market;
  expect(market({ type: 'PHYSICAL_CURRENCY' })).toBe('forex');
  expect(market({ exchange: 'PHYSICAL CURRENCY', currency_base: 'Euro' })).toBe('forex');
  expect(market({ exchange: 'Binance', currency_base: 'Bitcoin' })).toBe('crypto');
  expect(market({})).toBe('stocks');
  expect(market({}, { market: 'crypto' })).toBe('crypto');
  expect(market({ type: 'ETF' }, { market: 'crypto' })).toBe('stocks');
});

for (const { name, steps } of transcriptsOf('twelvedata')) {
  test(`of the conversation ${name} it hears each frame, and none is unreadable`, () => {
    const frames = steps.flatMap((step) => (step.dir === 'recv' && step.frame !== undefined ? [step.frame] : []));
    const { events, notices } = hearing(feedOf(), ...frames);
    const prices = frames.filter((frame) => JSON.stringify(frame).includes('"event":"price"'));
    expect(events).toHaveLength(prices.length);
    expect(notices.filter(({ kind }) => kind === 'unreadable')).toEqual([]);
    expect(events.length + notices.length).toBeGreaterThanOrEqual(frames.length);
  });
}

test('the key is in the address alone, and nothing logs in', () => {
  const feed = feedOf();
  expect(feed.address(key)).toEqual({
    url: 'wss://ws.twelvedata.com/v1/quotes/price?apikey=secret%2Fkey',
    headers: {},
  });
  expect([feed.greets, feed.login(key)]).toEqual([false, undefined]);
  expect(feed.heartbeat).toEqual({ every: 10_000_000_000n, message: '{"action":"heartbeat"}' });
});

test('one message asks for many symbols, since the vendor counts messages, and never for more than it takes', () => {
  const feed = feedOf();
  expect(feed.subscribe(wanting('AAPL', 'EUR/USD', 'BTC/USD'))).toEqual([
    '{"action":"subscribe","params":{"symbols":"AAPL,EUR/USD,BTC/USD"}}',
  ]);
  expect(feed.unsubscribe(wanting('BTC/USD'))).toEqual(['{"action":"unsubscribe","params":{"symbols":"BTC/USD"}}']);
  const symbols = Array.from({ length: 60_000 }, (_, index) => `S${index}`);
  const messages = feed.subscribe(wanting(...symbols)).map(String);
  expect(messages).toHaveLength(2);
  for (const message of messages) expect(message.length).toBeLessThan(300_000);
  const asked = messages.flatMap((message) => JSON.parse(message).params.symbols.split(','));
  expect(asked).toEqual(symbols);
  expect(feed.subscribe(wantsOf([['trade', ['AAPL']]]))).toEqual([]);
});

test('what a status grants is named as it may have been asked for, and what fails is named too', () => {
  const success = [
    { symbol: 'AAPL', exchange: 'NASDAQ', mic_code: 'XNGS', country: 'United States', type: 'Common Stock' },
  ];
  const status = { event: 'subscribe-status', status: 'ok' };
  const granted = { kind: 'granted', wants: wanting('AAPL', 'AAPL:NASDAQ', 'AAPL:XNGS') };
  expect(hearing(feedOf(), { ...status, success, fails: null }).notices).toEqual([granted]);
  expect(hearing(feedOf(), { ...status, success, fails: [] }).notices).toEqual([granted]);
  expect(hearing(feedOf(), { ...status, success, fails: [{ symbol: 'NOPE' }, 'BARE'] }).notices).toEqual([
    granted,
    {
      kind: 'denied',
      wants: wanting('NOPE', 'BARE'),
      why: 'not-entitled',
      message: 'unknown symbols, or not in the plan',
    },
  ]);
  const credits = [{ symbol: 'MSFT', message: 'You have run out of credits.' }];
  expect(hearing(feedOf(), { ...status, status: 'error', fails: credits }).notices).toEqual([
    { kind: 'denied', wants: wanting('MSFT'), why: 'too-many-symbols', message: 'You have run out of credits.' },
  ]);
  expect(hearing(feedOf(), { ...status, status: 'error', success: null, fails: null }).notices).toMatchObject([
    { kind: 'denied', wants: undefined },
  ]);
});

test('other messages are signs of life, releases, or trouble', () => {
  const heard = (message: object): unknown => hearing(feedOf(), message).notices;
  expect(heard({ event: 'heartbeat', status: 'ok' })).toEqual([{ kind: 'alive' }]);
  expect(heard({ event: 'reset-status', status: 'ok' })).toEqual([{ kind: 'alive' }]);
  const success = [{ symbol: 'BTC/USD', type: 'Digital Currency' }];
  expect(heard({ event: 'unsubscribe-status', status: 'ok', success, fails: [] })).toEqual([
    { kind: 'released', wants: wanting('BTC/USD') },
  ]);
  const messages = [
    'The server received 103 events from you, which exceeds the limit of 100 events per minute. You may wait for the next minute.',
  ];
  expect(heard({ event: 'message-processing', status: 'error', messages })).toMatchObject([
    { kind: 'trouble', why: 'too-many-requests', message: messages[0] },
  ]);
  expect(heard({ event: 'message-processing', status: 'error', messages: ['Unknown action.'] })).toMatchObject([
    { kind: 'trouble', why: 'bad-request' },
  ]);
  const message = '**apikey** parameter is incorrect or not specified.';
  expect(heard({ status: 'error', code: 401, message })).toEqual([
    { kind: 'trouble', why: 'bad-key', code: 401, message },
  ]);
});

test.each([
  [401, '**apikey** parameter is incorrect or not specified.', 'bad-key'],
  [200, '**apikey** parameter is incorrect or not specified.', 'bad-key'],
  [403, '**apikey** parameter is incorrect or not specified.', 'bad-key'],
  [403, '/quotes is available exclusively with pro plans. Consider upgrading.', 'not-entitled'],
  [429, 'You have run out of API credits for the current minute. Consider upgrading.', 'too-many-requests'],
])('an upgrade answered %d "%s" is a refusal', (status, message, why) => {
  const code = status === 200 ? 401 : status;
  const body = JSON.stringify({ code, message, status: 'error' });
  expect(feedOf().refusal(status, body)).toEqual({ why, message });
});

test.each([
  [400, 'bad-request'],
  [401, 'bad-key'],
  [404, 'not-found'],
  [503, 'vendor-error'],
  [200, 'vendor-error'],
])('an upgrade answered %d without a word of the vendor is one too', (status, why) => {
  expect(feedOf().refusal(status, '<html>')).toEqual({ why, message: `HTTP ${status}` });
});

test('a price with a field of the wrong type, or without one that it needs, is unreadable', () => {
  for (const [wire] of Object.values(samples)) {
    const said: Record<string, unknown> = JSON.parse(wire);
    for (const field of Object.keys(said)) {
      const broken = JSON.stringify({ ...said, [field]: { not: 'this' } });
      expect(hearing(feedOf(), broken).all, field).toMatchObject([
        { kind: 'unreadable', excerpt: broken.slice(0, 200) },
      ]);
    }
  }
  const whole = { event: 'price', symbol: 'AAPL', timestamp: 1, price: 1 };
  for (const field of ['symbol', 'timestamp', 'price']) {
    const { notices } = hearing(feedOf(), { ...whole, [field]: undefined });
    expect(notices).toMatchObject([{ kind: 'unreadable', why: `${field} is missing` }]);
  }
  expect(hearing(feedOf(), { ...whole, timestamp: 1.5 }).notices).toMatchObject([{ kind: 'unreadable' }]);
  expect(hearing(feedOf(), { ...whole, timestamp: 1e15 }).notices).toMatchObject([{ kind: 'unreadable' }]);
});

test('whatever comes, it never throws', () => {
  const feed = feedOf();
  const texts = Object.values(samples).map(([wire]) => wire);
  const mutilated = fc
    .tuple(fc.constantFrom(...texts), fc.nat(), fc.nat(9), fc.string({ maxLength: 5 }))
    .map(([wire, from, cut, put]) => wire.slice(0, from % wire.length) + put + wire.slice((from % wire.length) + cut));
  const events = fc.constantFrom('price', 'subscribe-status', 'unsubscribe-status', 'message-processing', 'else');
  const odd = fc.record({ event: events, success: fc.jsonValue(), fails: fc.jsonValue(), messages: fc.jsonValue() });
  const frames = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc
      .oneof(
        fc.json(),
        mutilated,
        odd.map((said) => JSON.stringify(said)),
      )
      .map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(frames, (frame) => {
      const { notices } = hearing(feed, frame);
      for (const notice of notices) {
        if (notice.kind === 'unreadable') expect(notice.excerpt.length).toBeLessThanOrEqual(200);
        if ('wants' in notice && notice.wants !== undefined) expect(countOf(notice.wants)).toBeGreaterThan(0);
      }
    }),
  );
});
