import { expect, test } from 'vitest';
import type { Ask, History } from '../../../../client/feeds/feed.ts';
import { eventKey } from '../../../../market/identity.ts';
import { hearing } from '../../../helpers/feed-ear.ts';
import { feedOf, historyOf } from './open.ts';

const key = { id: 'secret-key', secret: '' };
const start = 1_789_574_220_000_000_000n;
const ask = (channel: Ask['channel'], symbol: string, given: Partial<Ask> = {}): Ask => ({
  channel,
  symbols: [symbol],
  from: start + 5n,
  to: start + 120_000_000_007n,
  ...given,
});
const urlOf = (cluster: string, channel: Ask['channel'], symbol: string): string =>
  historyOf(cluster).request(ask(channel, symbol), key).url;

function answer(history: History, asked: Ask, body: unknown, status = 200) {
  const request = history.request(asked, key);
  return history.read(asked, request, status, {}, typeof body === 'string' ? body : JSON.stringify(body));
}

test('requests widen their span to whole milliseconds, or to whole bars by their ends, and keep the key out of the address', () => {
  const span = 'timestamp.gte=1789574220000000000&timestamp.lte=1789574340000999999&limit=10000';
  const sorted = 'sort=timestamp&order=asc';
  expect(historyOf('stocks').request(ask('trade', 'BRK.B'), key)).toEqual({
    url: `https://api.massive.com/v3/trades/BRK.B?${span}&${sorted}`,
    headers: { authorization: 'Bearer secret-key' },
  });
  expect(urlOf('forex', 'quote', 'EUR/USD')).toBe(`https://api.massive.com/v3/quotes/C%3AEURUSD?${span}&${sorted}`);
  expect(urlOf('crypto', 'trade', 'BTC/USD')).toBe(`https://api.massive.com/v3/trades/X%3ABTCUSD?${span}&${sorted}`);
  const unadjusted = 'adjusted=false&sort=asc&limit=10000';
  expect(urlOf('indices', 'bar', 'SPX')).toBe(
    `https://api.massive.com/v2/aggs/ticker/I%3ASPX/range/1/minute/1789574160000/1789574280000?${unadjusted}`,
  );
  expect(urlOf('options', 'second-bar', 'SPY261218C00650000')).toBe(
    `https://api.massive.com/v2/aggs/ticker/O%3ASPY261218C00650000/range/1/second/1789574219000/1789574339000?${unadjusted}`,
  );
  expect(urlOf('futures/cme', 'trade', 'ESZ6')).toBe(
    `https://api.massive.com/futures/v1/trades/ESZ6?${span}&sort=timestamp.asc`,
  );
  expect(urlOf('futures', 'bar', 'ESZ6')).toBe(
    'https://api.massive.com/futures/v1/aggs/ESZ6?resolution=1min&window_start.gte=1789574160000000000&window_start.lte=1789574280000000000&limit=10000&sort=window_start.asc',
  );
});

test('a channel is refilled by itself where the vendor keeps it, by bars where it keeps only those', () => {
  const refills = (cluster: string): unknown =>
    feedOf(cluster).channels.map((channel) => [channel, historyOf(cluster).refills(channel)]);
  expect(refills('stocks')).toEqual([
    ['trade', 'trade'],
    ['quote', 'quote'],
    ['second-bar', 'second-bar'],
    ['bar', 'bar'],
    ['luld', undefined],
    ['imbalance', undefined],
    ['fair-value', undefined],
  ]);
  expect(refills('indices')).toEqual([
    ['value', 'bar'],
    ['second-bar', 'second-bar'],
    ['bar', 'bar'],
  ]);
  expect(refills('crypto')).toContainEqual(['quote', undefined]);
  expect(refills('forex')).toContainEqual(['quote', 'quote']);
});

const row = {
  conditions: [12, 37],
  exchange: 11,
  id: '71204',
  price: 231.47,
  sequence_number: 4471190,
  size: 120,
  decimal_size: '120.25',
  tape: 3,
  trf_id: 0,
  trf_timestamp: 0,
};
const trades = (...extra: readonly string[]): string => {
  const rows = [
    `${JSON.stringify(row).slice(0, -1)},"sip_timestamp":1789574220117003385,"participant_timestamp":1789574220116999001}`,
  ];
  return `{"status":"OK","request_id":"1","results":[${[...rows, ...extra].join(',')}]}`;
};

test('a trade of the past is the very one that the stream told, with more about it', () => {
  const asked = ask('trade', 'AAPL');
  const page = answer(historyOf('stocks'), asked, trades());
  const wire =
    '{"ev":"T","sym":"AAPL","x":11,"i":"71204","z":3,"p":231.47,"s":120,"ds":"120.25","c":[12,37],"t":1789574220117,"q":4471190}';
  const [heard] = hearing(feedOf('stocks'), `[${wire}]`).events;
  expect(page).toEqual({
    kind: 'page',
    events: [{ ...heard, participantAt: 1789574220116999001n }],
    next: undefined,
    unreadable: 0,
  });
  const [told] = page.kind === 'page' ? page.events : [];
  expect(told && heard && eventKey(told)).toBe(heard && eventKey(heard));
});

test('rows that cannot be read are counted, rows outside of the ask left out, an answer without results is empty', () => {
  const late = trades()
    .replace(/.*"results":\[(.*)\]\}/, '$1')
    .replace('1789574220117', '1789574340001');
  const first = trades()
    .replace(/.*"results":\[(.*)\]\}/, '$1')
    .replace('1789574220117', '1789574220000');
  const page = answer(historyOf('stocks'), ask('trade', 'AAPL'), trades('{"price":1}', '7', late, first));
  expect(page).toMatchObject({ unreadable: 2, events: [{ at: start + 117_000_000n }, { at: start }] });
  const none = { ticker: 'X', queryCount: 0, resultsCount: 0, adjusted: false, status: 'DELAYED', request_id: '1' };
  expect(answer(historyOf('stocks'), ask('bar', 'X'), none)).toEqual({
    kind: 'page',
    events: [],
    next: undefined,
    unreadable: 0,
  });
});

test('the next page is asked for with the key, at the host where we ask, whichever of its names the vendor gives', () => {
  const next = (historyUrl: string, url: unknown): unknown => {
    const body = { status: 'OK', results: [], next_url: url };
    const page = answer(historyOf('stocks', { historyUrl }), ask('trade', 'AAPL'), body);
    return page.kind === 'page' ? page.next : page;
  };
  const headers = { authorization: 'Bearer secret-key' };
  const path = '/v3/trades/AAPL?cursor=YXA9';
  expect(next('https://api.massive.com', `https://api.massive.com${path}`)).toEqual({
    url: `https://api.massive.com${path}`,
    headers,
  });
  expect(next('https://api.massive.com', `https://api.polygon.io${path}`)).toEqual({
    url: `https://api.massive.com${path}`,
    headers,
  });
  expect(next('https://api.massive.com', `https://evil.example${path}`)).toEqual({
    url: `https://api.massive.com${path}`,
    headers,
  });
  expect(next('http://localhost:1/r/mine', `http://localhost:1/r/mine${path}`)).toMatchObject({
    url: `http://localhost:1/r/mine${path}`,
  });
  expect(next('http://localhost:1/r/mine', `https://api.massive.com${path}`)).toMatchObject({
    url: `http://localhost:1/r/mine${path}`,
  });
  const same = historyOf('stocks').request(ask('trade', 'AAPL'), key).url;
  for (const url of [same, 7, 'http://:::']) {
    expect(next('https://api.massive.com', url)).toMatchObject({ kind: 'refused', why: 'vendor-error' });
  }
});

test.each([
  [401, '{"status":"ERROR","error":"Unknown API Key"}', 'bad-key', 'Unknown API Key'],
  [401, '{"status":"ERROR","error":"API Key was not provided"}', 'bad-key', 'API Key was not provided'],
  [403, '{"status":"NOT_AUTHORIZED","message":"You are not entitled to this data."}', 'not-entitled', 'You are not entitled to this data.'],
  [200, '{"status":"NOT_AUTHORIZED","message":"You are not entitled to this data."}', 'not-entitled', 'You are not entitled to this data.'],
  [200, '{"status":"ERROR","error":"You\'ve exceeded the maximum requests per minute"}', 'too-many-requests', "You've exceeded the maximum requests per minute"],
  [404, '{"status":"NOT_FOUND","message":"Ticker not found."}', 'not-found', 'Ticker not found.'],
  [429, '', 'too-many-requests', 'HTTP 429'],
  [400, '{"status":"ERROR","error":"bad timestamp"}', 'bad-request', 'bad timestamp'],
  [500, '<html>oops</html>', 'vendor-error', 'HTTP 500'],
  [200, '<html>log in to the hotel</html>', 'vendor-error', 'HTTP 200'],
  [200, '{"status":"OK","results":{}}', 'vendor-error', 'results is no list'],
  [200, '{"status":"OK","results":[', 'vendor-error', 'HTTP 200'],
])('an answer of %d and %s is a refusal', (status, body, why, message) => {
  expect(answer(historyOf('stocks'), ask('trade', 'AAPL'), body, status)).toEqual({ kind: 'refused', why, message });
}); // prettier-ignore
