import { expect, test } from 'vitest';
import type { Ask, Request } from '../../../../client/feeds/feed.ts';
import { hour, minute } from '../../../../market/nanos.ts';
import { bar } from '../../../helpers/events.ts';
import { historyOf } from './open.ts';

const key = { id: 'secret-key', secret: '' };
/** 2026-07-01T14:30:00Z */
const start = 1_782_916_200_000_000_000n;
const ask = (symbol = 'AAPL', given: Partial<Ask> = {}): Ask => ({
  channel: 'bar',
  symbols: [symbol],
  from: start,
  to: start + 10n * minute,
  ...given,
});
const query = ({ url }: Request): object => Object.fromEntries(new URL(url).searchParams);

function answer(asked: Ask, body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}) {
  const history = historyOf();
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return history.read(asked, history.request(asked, key), status, headers, text);
}

test('prices are refilled by bars, and nothing else by anything', () => {
  const history = historyOf();
  const refills = (['price', 'bar', 'trade'] as const).map((channel) => history.refills(channel));
  expect(refills).toEqual(['bar', 'bar', undefined]);
  expect([history.mostSymbols, history.perMinute]).toEqual([1, 8]);
});

test('a request asks for the minutes that end in its span, in UTC, and keeps the key out of the address', () => {
  const request = historyOf().request(ask('EUR/USD', { from: start + 5n, to: start + 3n * minute + 7n }), key);
  expect(request.url.startsWith('https://api.twelvedata.com/time_series?')).toBe(true);
  expect(request.url).not.toContain('secret');
  expect(request.headers).toEqual({ authorization: 'apikey secret-key' });
  expect(query(request)).toEqual({
    symbol: 'EUR/USD',
    interval: '1min',
    start_date: '2026-07-01 14:29:00',
    end_date: '2026-07-01 14:32:00',
    timezone: 'UTC',
    order: 'asc',
    outputsize: '5000',
    format: 'JSON',
  });
});

const row = { datetime: '2026-07-01 14:30:00', open: '231.40', high: '231.52', low: '231.31', close: '231.47000' };

test('numbers come as texts, the time is that of the beginning, and the vendor counts no trades', () => {
  const meta = { symbol: 'AAPL', interval: '1min', currency: 'USD', exchange: 'NASDAQ', type: 'Common Stock' };
  const late = { ...row, datetime: '2026-07-01 14:40:00', volume: '5' };
  const values = [{ ...row, volume: '18422' }, late, { ...row, open: 231.4 }, { ...row, high: 'x' }, 7];
  expect(answer(ask(), { meta, values, status: 'ok' })).toEqual({
    kind: 'page',
    events: [bar('bar', start, start + minute, { trades: 0, vwap: 231.433333333 })],
    next: undefined,
    unreadable: 3,
  });
});

test('a pair has its market from the answer, and no volume', () => {
  const meta = {
    symbol: 'EUR/USD',
    interval: '1min',
    currency_base: 'Euro',
    currency_quote: 'US Dollar',
    type: 'Physical Currency',
  };
  expect(answer(ask('EUR/USD'), { meta, values: [row], status: 'ok' })).toMatchObject({
    events: [{ market: 'forex', symbol: 'EUR/USD', volume: 0 }],
  });
});

test('a long span is asked for in windows of 5000 minutes, which hold together every minute of it once', () => {
  const history = historyOf({ historyUrl: 'http://localhost:1/r/mine' });
  const asked = ask('AAPL', { to: start + 200n * hour });
  const windows: [string | null, string | null][] = [];
  for (let next: Request | undefined = history.request(asked, key); next !== undefined;) {
    expect(next.url.startsWith('http://localhost:1/r/mine/time_series?')).toBe(true);
    expect(next.headers).toEqual({ authorization: 'apikey secret-key' });
    const { searchParams } = new URL(next.url);
    windows.push([searchParams.get('start_date'), searchParams.get('end_date')]);
    const page = history.read(asked, next, 200, {}, '{"values":[],"status":"ok"}');
    next = page.kind === 'page' ? page.next : expect.fail(page.message);
  }
  expect(windows).toEqual([
    ['2026-07-01 14:29:00', '2026-07-05 01:48:00'],
    ['2026-07-05 01:49:00', '2026-07-08 13:08:00'],
    ['2026-07-08 13:09:00', '2026-07-09 22:29:00'],
  ]);
});

test('a window without data is empty, and the next one is asked for', () => {
  const message = 'No data is available on the specified dates. Try setting different start/end dates.';
  const body = { code: 400, message, status: 'error' };
  for (const status of [200, 400]) {
    const page = answer(ask('AAPL', { to: start + 100n * hour }), body, status);
    expect(page).toMatchObject({ kind: 'page', events: [], unreadable: 0, next: { headers: {} } });
  }
});

test.each([
  [401, '**apikey** parameter is incorrect or not specified.', 'bad-key'],
  [404, '**symbol** or **figi** parameter is missing or invalid.', 'not-found'],
  [404, 'This symbol is available starting with the Grow or Venture plan. Consider upgrading now.', 'not-entitled'],
  [400, 'Invalid **interval** provided: 0.99min.', 'bad-request'],
  [414, 'too long', 'bad-request'],
  [429, 'You have run out of API credits for the current minute.', 'too-many-requests'],
  [500, 'oops', 'vendor-error'],
])('the error %d "%s" is a refusal, with that status and with 200', (code, message, why) => {
  const body = { code, message, status: 'error' };
  expect(answer(ask(), body, code)).toEqual({ kind: 'refused', why, message });
  expect(answer(ask(), body, 200)).toEqual({ kind: 'refused', why, message });
  expect(answer(ask(), body, code, { 'api-credits-left': '0' })).toMatchObject({
    message: `${message} (0 credits left)`,
  });
});

test('what is no answer at all is a refusal too', () => {
  expect(answer(ask(), '<html>', 502)).toEqual({ kind: 'refused', why: 'vendor-error', message: 'HTTP 502' });
  expect(answer(ask(), '<html>', 200)).toEqual({ kind: 'refused', why: 'vendor-error', message: 'HTTP 200' });
  expect(answer(ask(), '', 429)).toEqual({ kind: 'refused', why: 'too-many-requests', message: 'HTTP 429' });
  expect(answer(ask(), { status: 'ok' })).toMatchObject({ kind: 'refused', message: 'values is no list' });
});
