import { expect, test } from 'vitest';
import { alpaca } from '../../../../client/feeds/alpaca/index.ts';
import type { Answer, Ask, Request } from '../../../../client/feeds/feed.ts';
import { ManualClock } from '../../../../market/clock.ts';
import type { MarketEvent } from '../../../../market/event.ts';
import { day, minute, second } from '../../../../market/nanos.ts';
import { playToEnd } from '../../../helpers/asker.ts';
import { trade, opening } from '../../../helpers/events.ts';
import { fetchAll } from '../../../helpers/feed-caller.ts';
import { serve } from '../../../helpers/serve.ts';

const key = { id: 'PK123', secret: 'hidden' };
const historyOf = (options: object = {}) => alpaca.history(alpaca.options.parse({ vendor: 'alpaca', ...options }));
const ask = (given: Partial<Ask> = {}): Ask => ({
  channel: 'trade',
  symbols: ['AAPL', 'MSFT'],
  from: opening,
  to: opening + second,
  ...given,
});
const searchOf = ({ url }: Request) => Object.fromEntries(new URL(url).searchParams);
const row = (given: object = {}) => ({
  t: '2026-07-01T14:30:00.5Z',
  x: 'V',
  p: 1.5,
  s: 1,
  c: ['@'],
  i: 1,
  z: 'C',
  ...given,
});

function answer(body: unknown, given: Partial<Ask> = {}, status = 200, options: object = {}): Answer {
  const history = historyOf(options);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return history.read(ask(given), history.request(ask(given), key), status, {}, text);
}

test('trades are asked for with both ends to the nanosecond, and the key only in headers', () => {
  const request = historyOf({ stream: 'sip' }).request(ask({ to: opening + 1n }), key);
  expect(request.url).toMatch(/^https:\/\/data\.alpaca\.markets\/v2\/stocks\/trades\?/);
  expect(searchOf(request)).toEqual({
    symbols: 'AAPL,MSFT',
    start: '2026-07-01T14:30:00.000000000Z',
    end: '2026-07-01T14:30:00.000000001Z',
    limit: '10000',
    sort: 'asc',
    feed: 'sip',
  });
  expect(request.headers).toEqual({ 'APCA-API-KEY-ID': 'PK123', 'APCA-API-SECRET-KEY': 'hidden' });
});

test('bars are asked for from the minute on whose bar may have been missed', () => {
  const from = opening + 200n;
  const request = historyOf().request(ask({ channel: 'bar', from }), key);
  expect(searchOf(request)).toMatchObject({
    timeframe: '1Min',
    start: '2026-07-01T14:29:00.000000000Z',
    adjustment: 'raw',
  });
  const bars = (t: string) => ({ t, o: 1, h: 1, l: 1, c: 1, v: 1, n: 1, vw: 1 });
  const told = answer(
    {
      bars: { AAPL: ['2026-07-01T14:28:00Z', '2026-07-01T14:29:00Z', '2026-07-01T14:30:00Z'].map(bars) },
      next_page_token: null,
    },
    { channel: 'bar', from, to: opening + second },
  );
  // Published at 14:29, at 14:30 and at 14:31.
  expect(told).toMatchObject({ kind: 'page', events: [{ at: opening }], next: undefined });
});

test('the bar of a day is told while its day lasts', () => {
  const start = '2026-07-01T04:00:00Z';
  const told = answer(
    { bars: { AAPL: [{ t: start, o: 1, h: 1, l: 1, c: 1, v: 1, n: 1, vw: 1 }] }, next_page_token: null },
    { channel: 'daily-bar' },
  );
  expect(told).toMatchObject({
    events: [{ kind: 'daily-bar', at: opening - 10n * 60n * minute - 30n * minute + day }],
  });
});

test.each([
  [{ stream: 'iex' }, 'trade', 'https://data.alpaca.markets/v2/stocks/trades'],
  [{ stream: 'crypto/eu-1' }, 'bar', 'https://data.alpaca.markets/v1beta3/crypto/eu-1/bars'],
  [{ stream: 'options/opra' }, 'trade', 'https://data.alpaca.markets/v1beta1/options/trades'],
  [{ stream: 'news' }, 'news', 'https://data.alpaca.markets/v1beta1/news'],
  [{ streamUrl: 'ws://127.0.0.1:8765' }, 'quote', 'http://127.0.0.1:8765/v2/stocks/quotes'],
  [{ streamUrl: 'ws://localhost:1/r/ci/' }, 'quote', 'http://localhost:1/r/ci/v2/stocks/quotes'],
  [
    { streamUrl: 'wss://stream.data.sandbox.alpaca.markets' },
    'quote',
    'https://data.sandbox.alpaca.markets/v2/stocks/quotes',
  ],
  [{ streamUrl: 'ws://a', historyUrl: 'https://b/c' }, 'quote', 'https://b/c/v2/stocks/quotes'],
] as const)('with %o the history of %s is at %s', (options, channel, url) => {
  expect(historyOf(options).request(ask({ channel }), key).url.split('?')[0]).toBe(url);
});

test('what history cannot tell is not asked for', () => {
  const refills = (stream: string, channel: Ask['channel']) => historyOf({ stream }).refills(channel);
  expect(refills('iex', 'updated-bar')).toBe('bar');
  expect(refills('iex', 'status')).toBeUndefined();
  expect(refills('test', 'trade')).toBeUndefined();
  expect(refills('options/opra', 'quote')).toBeUndefined();
  expect(refills('crypto/us', 'book')).toBeUndefined();
  expect(refills('iex', 'news')).toBeUndefined();
});

test('rows outside the ask are left out, and rows that make no sense are counted', () => {
  const rows = [row(), row({ t: '2026-07-01T14:30:01.000000001Z' }), row({ p: 'dear' }), row({ t: 'noon' })];
  const told = answer({ trades: { AAPL: rows, TSLA: [row()] }, next_page_token: null });
  expect(told).toMatchObject({ kind: 'page', unreadable: 2, events: [{ symbol: 'AAPL', price: 1.5 }] });
});

test('a correction that history remembers is told as the tape’s indicator', () => {
  const rows = [row({ u: 'canceled' }), row({ u: 'incorrect' }), row({ u: 'corrected' }), row()];
  const told = answer({ trades: { AAPL: rows }, next_page_token: null });
  expect(told.kind === 'page' && told.events.map((event) => 'correction' in event && event.correction)).toEqual([
    8,
    7,
    1,
    undefined,
  ]);
});

test('a token that comes again is an error rather than a walk in circles, however long the circle', () => {
  const history = historyOf();
  const page = (token: string): string => JSON.stringify({ trades: {}, next_page_token: token });
  let request: Request | undefined = history.request(ask(), key);
  for (const token of ['one', 'two', 'three']) {
    const told: Answer = history.read(ask(), request ?? expect.fail(), 200, {}, page(token));
    request = told.kind === 'page' ? told.next : expect.fail(told.message);
    expect(request && searchOf(request)).toMatchObject({ page_token: token, symbols: 'AAPL,MSFT', limit: '10000' });
    expect(request?.headers).toMatchObject({ 'APCA-API-KEY-ID': 'PK123' });
  }
  expect(history.read(ask(), request ?? expect.fail(), 200, {}, page('one'))).toMatchObject({
    kind: 'refused',
    why: 'vendor-error',
  });
});

test.each([
  [401, '{"message":"unauthorized"}', 'bad-key'],
  [403, '{"message":"forbidden."}', 'bad-key'],
  [403, '{"message":"subscription does not permit querying recent SIP data"}', 'not-entitled'],
  [404, '', 'not-found'],
  [422, '{"code":42210000,"message":"invalid timeframe"}', 'bad-request'],
  [400, '{"code":40010000,"message":"unexpected parameter(s): timeframe"}', 'bad-request'],
  [429, '{"message":"too many requests."}', 'too-many-requests'],
  [500, '<html>oops</html>', 'vendor-error'],
  [504, '', 'vendor-error'],
  [200, '{"trades":{"AAPL":[{"t":"2026-07-01T1', 'vendor-error'],
  [200, '{"trades":{}} {}', 'vendor-error'],
  [200, '{"message":"soon"}', 'vendor-error'],
  [200, '[]', 'vendor-error'],
  [200, '{"trades":{"AAPL":5},"next_page_token":null}', 'vendor-error'],
])('an answer %i of %s is refused as %s', (status, body, why) => {
  const told = answer(body, {}, status);
  expect(told).toMatchObject({ kind: 'refused', why });
  expect(JSON.stringify(told)).not.toContain('hidden');
});

test('twenty-five thousand trades come page by page, each once and none left out', async () => {
  const events = Array.from({ length: 25_000 }, (_, index) =>
    trade(opening + BigInt(index >> 2), { id: String(index), symbol: index % 2 === 0 ? 'AAPL' : 'MSFT' }),
  );
  const clock = new ManualClock(opening);
  await using papertape = await serve(events, {}, { endpoints: { alpaca: {} } }, clock);
  await playToEnd(papertape, clock);
  const history = historyOf({ streamUrl: papertape.url });
  const pages = await fetchAll(history, ask(), key);
  expect(pages.length).toBeGreaterThanOrEqual(3);
  expect(pages.flat().toSorted((a, b) => numberOf(a) - numberOf(b))).toEqual(events);
});

const numberOf = (event: MarketEvent): number => Number('id' in event ? event.id : NaN);
