import { expect, test } from 'vitest';
import { minute, second } from '../../../../market/nanos.ts';
import type { MarketEvent, Nanos } from '../../../../market/event.ts';
import { ByteWriter } from '../../../../server/wire/byte-writer.ts';
import { polygon } from '../../../../server/exchanges/polygon/index.ts';
import { bar, book, opening, price, quote, trade } from '../../../helpers/events.ts';

type Options = Parameters<typeof polygon.options.parse>[0];

/** How a path spells an event, as text. */
function spelt(path: string, event: MarketEvent, shift: Nanos = 0n, options: Options = {}): string {
  const exchange = polygon.open(polygon.options.parse(options));
  const stream = exchange.streams.find((candidate) => candidate.path === path);
  if (stream === undefined) throw new Error(`no stream ${path}`);
  const out = new ByteWriter(1);
  stream.wire({}).encoder.event(event, shift, out);
  return out.bytes.toString('utf8', 0, out.length);
}

const on = (path: string, event: MarketEvent, shift?: Nanos, options?: Options): unknown =>
  JSON.parse(spelt(path, event, shift, options));

test('nanoseconds are raw digits, because no JavaScript number holds them', () => {
  const at = 1_789_574_220_117_003_385n;
  const luld = { up: 2, down: 1, indicator: 'B', tape: undefined, indicators: undefined, sequence: undefined };
  expect(spelt('/stocks', { kind: 'luld', market: 'stocks', symbol: 'A', at, ...luld })).toBe(
    '{"ev":"LULD","T":"A","h":2,"l":1,"t":1789574220117003385}',
  );
  const value = { kind: 'fair-value', at, value: 1.5 } as const;
  expect(spelt('/crypto', { ...value, market: 'crypto', symbol: 'BTC/USD' })).toBe(
    '{"ev":"FMV","fmv":1.5,"sym":"X:BTC-USD","t":1789574220117003385}',
  );
  expect(spelt('/forex', { ...value, market: 'forex', symbol: 'EUR/USD' })).toContain('"sym":"C:EURUSD"');
});

test('what the tape does not know is left out', () => {
  const unknown = { id: '', exchange: undefined, tape: undefined, conditions: ['@', '?'] } as const;
  expect(spelt('/stocks', trade(opening, unknown), 0n, { decimalSizes: 'never' })).toBe(
    `{"ev":"T","sym":"AAPL","p":231.47,"s":100,"t":${opening / 1_000_000n}}`,
  );
  expect(on('/stocks', quote(opening, { conditions: [], bidExchange: undefined, tape: 'O' }))).not.toHaveProperty('c');
});

test('coins always have an exchange and a time of receipt, as the vendor’s do, whatever the tape knows', () => {
  const t = Number(opening / 1_000_000n);
  const coin = { market: 'crypto', symbol: 'BTC/USD', receivedAt: undefined } as const;
  const usual = { x: 1, t: t + 1, r: t + 1 };
  const shift = 1_000_000n;
  expect(on('/crypto', trade(opening, { ...coin, exchange: undefined }), shift)).toMatchObject({ ev: 'XT', ...usual });
  const quoted = quote(opening, { ...coin, bidExchange: undefined, askExchange: undefined });
  expect(on('/crypto', quoted, shift)).toMatchObject({ ev: 'XQ', ...usual });
  expect(on('/crypto', book(opening, { ...coin, exchange: undefined }), shift)).toMatchObject({ ev: 'XL2', ...usual });
});

test.each([
  ['always', 120, '"ds":"120.0"'],
  ['always', 0.00000125, '"ds":"0.00000125"'],
  ['fractional', 120.25, '"ds":"120.25"'],
] as const)('decimal sizes %s tell %d as %s', (decimalSizes, size, text) => {
  expect(spelt('/stocks', trade(opening, { size }), 0n, { decimalSizes })).toContain(text);
});

test.each([
  ['fractional', 120],
  ['never', 120.25],
] as const)('decimal sizes %s do not tell %d', (decimalSizes, size) => {
  const spelling = on('/stocks', trade(opening, { size }), 0n, { decimalSizes });
  expect(spelling).toMatchObject({ s: 120 });
  expect(spelling).not.toHaveProperty('ds');
});

test('sizes of quotes are shares, or round lots as before November 2025', () => {
  const event = quote(opening, { bidSize: 350, askSize: 40 });
  expect(on('/stocks', event)).toMatchObject({ bs: 350, as: 40 });
  expect(on('/stocks', event, 0n, { quoteSizes: 'round-lots' })).toMatchObject({ bs: 3, as: 0 });
});

test('every time of an event is moved with it, and a moved bar still fills its window', () => {
  const shift = 7n * minute + 1_234_567_890n;
  const t = Number((opening + shift) / 1_000_000n);
  const event = trade(opening, { participantAt: opening - 5n * second, trfAt: opening - second });
  expect(on('/stocks', event, shift, { participantTime: true })).toMatchObject({ t, pt: t - 5000, trft: t - 1000 });
  const coin = { market: 'crypto', symbol: 'BTC/USD', receivedAt: opening + 16_000_000n } as const;
  expect(on('/crypto', quote(opening, coin), shift)).toMatchObject({ t, r: t + 16 });
  const future = { market: 'futures', symbol: 'ESZ6', bidAt: opening - second, askAt: opening } as const;
  expect(on('/futures', quote(opening, future), shift)).toMatchObject({ t, bt: t - 1000, at: t });
  const start = Math.floor(t / 60_000) * 60_000;
  expect(on('/stocks', bar('bar', opening, opening + minute), shift)).toMatchObject({ s: start, e: start + 60_000 });
  const from = Math.floor(t / 1000) * 1000;
  expect(on('/stocks', bar('second-bar', opening, opening + second), shift)).toMatchObject({ s: from, e: from + 1000 });
});

test('a book has a hundred levels a side at most, and as many books as fit into a frame', () => {
  const wide = Array.from({ length: 150 }, (_, index) => ({
    price: 1 / 3 + index,
    size: 0.1234567890123456,
  }));
  const text = spelt('/crypto', book(opening, { bids: wide, asks: wide, exchange: '1' }));
  const { b, a } = JSON.parse(text);
  expect([b.length, a.length]).toEqual([100, 100]);
  const crypto = polygon.open(polygon.options.parse({})).streams.find(({ path }) => path === '/crypto');
  expect(Buffer.byteLength(text) * (crypto?.wire({}).encoder.mostEvents ?? Infinity)).toBeLessThan(1_000_000);
});

test('Launchpad, once switched on, tells minute bars and last values under prefixed tickers', () => {
  const options = { launchpad: true };
  expect(polygon.open(polygon.options.parse(options)).prices).toBe(true);
  expect(polygon.open(polygon.options.parse({})).prices).toBeUndefined();
  const coin = { market: 'crypto', symbol: 'BTC/USD' } as const;
  expect(on('/launchpad/crypto', price(opening, { ...coin, price: 61233.4 }), 0n, options)).toEqual({
    ev: 'LV',
    val: 61233.4,
    sym: 'X:BTC-USD',
    t: Number(opening),
  });
  expect(
    on('/launchpad/crypto', bar('bar', opening, opening + minute, { ...coin, volume: 0.5 }), 0n, options),
  ).toMatchObject({
    ev: 'AM',
    sym: 'X:BTC-USD',
    v: 0.5,
  });
});
