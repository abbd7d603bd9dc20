import { expect, test } from 'vitest';
import { z } from 'zod';
import { countOf, wantsOf } from '../../../../client/wants.ts';
import { hearing } from '../../../helpers/feed-ear.ts';
import { feedOf } from './open.ts';

const key = { id: 'secret-key', secret: '' };
const paramsIn = (message: unknown): readonly string[] =>
  z
    .object({ params: z.string() })
    .parse(JSON.parse(String(message)))
    .params.split(',');

test('a cluster is a path below the host of the plan, and the key is not in it', () => {
  expect(feedOf('stocks').address(key)).toEqual({ url: 'wss://socket.massive.com/stocks', headers: {} });
  expect(feedOf('futures/cme').address(key).url).toBe('wss://socket.massive.com/futures/cme');
  const delayed = feedOf('crypto', { streamUrl: 'wss://delayed.massive.com/' });
  expect(delayed.address(key).url).toBe('wss://delayed.massive.com/crypto');
  const mock = feedOf('forex', { streamUrl: 'ws://localhost:8765/r/mine/polygon' });
  expect(mock.address(key).url).toBe('ws://localhost:8765/r/mine/polygon/forex');
});

test.each([
  ['stocks', 'AAPL', 'T.AAPL,Q.AAPL,A.AAPL,AM.AAPL,LULD.AAPL,NOI.AAPL,FMV.AAPL'],
  ['options', 'SPY261218C00650000', 'T.O:SPY261218C00650000,Q.O:SPY261218C00650000'],
  ['options', 'O:SPY261218C00650000', 'T.O:SPY261218C00650000,Q.O:SPY261218C00650000'],
  ['indices', 'SPX', 'V.I:SPX,A.I:SPX,AM.I:SPX'],
  ['forex', 'EUR/USD', 'C.EUR/USD,CAS.EUR/USD,CA.EUR/USD,FMV.EUR/USD'],
  ['crypto', 'BTC/USD', 'XT.BTC-USD,XQ.BTC-USD,XAS.BTC-USD,XA.BTC-USD,XL2.BTC-USD,FMV.BTC-USD'],
  ['futures', 'ESZ6', 'T.ESZ6,Q.ESZ6,A.ESZ6,AM.ESZ6'],
  ['stocks', '*', 'T.*,Q.*'],
  ['options', '*', 'T.*,Q.*'],
] as const)('%s: %s is asked for in the spelling of its cluster', (cluster, symbol, params) => {
  const feed = feedOf(cluster);
  const [message = ''] = feed.subscribe(wantsOf(feed.channels.map((channel) => [channel, [symbol]])));
  expect(paramsIn(message).slice(0, params.split(',').length).join(',')).toBe(params);
});

test('many subscriptions are spread over messages of bounded length, none lost and none twice', () => {
  const symbols = Array.from({ length: 3000 }, (_, index) => `S${index}`);
  const feed = feedOf('stocks');
  const wants = wantsOf([
    ['trade', symbols],
    ['quote', symbols],
  ]);
  const messages = feed.subscribe(wants).map(String);
  expect(messages.length).toBeGreaterThan(10);
  for (const message of messages) expect(message.length).toBeLessThan(2_100);
  const asked = messages.flatMap(paramsIn);
  expect(new Set(asked).size).toBe(asked.length);
  expect(asked.length).toBe(countOf(wants));
  expect(asked).toEqual(['T', 'Q'].flatMap((prefix) => symbols.map((symbol) => `${prefix}.${symbol}`)));
});

test('channels that the cluster does not have are not asked for', () => {
  expect(feedOf('indices').subscribe(wantsOf([['trade', ['SPX']]]))).toEqual([]);
});

const said = (status: string, message?: string): unknown =>
  hearing(feedOf('stocks'), [{ ev: 'status', status, ...(message === undefined ? {} : { message }) }]).notices[0];

test.each([
  ['connected', 'Connected Successfully', { kind: 'greeted' }],
  ['auth_success', 'authenticated', { kind: 'logged-in' }],
  ['success', 'authenticated', { kind: 'logged-in' }],
  ['error', 'authentication failed', { kind: 'trouble', why: 'bad-key' }],
  ['auth_failed', 'authentication failed', { kind: 'trouble', why: 'bad-key' }],
  [
    'auth_failed',
    "Your plan doesn't include websocket access. Visit https://massive.com/pricing to upgrade.",
    { kind: 'trouble', why: 'not-entitled' },
  ],
  ['auth_timeout', 'No authentication request received.', { kind: 'trouble', why: 'login-timeout' }],
  [
    'max_connections',
    'Maximum number of websocket connections exceeded. ',
    { kind: 'trouble', why: 'too-many-connections' },
  ],
  ['slow_consumer', undefined, { kind: 'trouble', why: 'slow-client' }],
  ['force_disconnect', undefined, { kind: 'trouble', why: 'sent-away' }],
  ['error', 'not authorized', { kind: 'denied', wants: undefined, why: 'not-entitled' }],
  [
    'error',
    'Subscription limit reached for feed. Please remove some subscriptions and try again.',
    { kind: 'denied', wants: undefined, why: 'too-many-symbols' },
  ],
  ['error', 'something new', { kind: 'trouble', why: 'bad-request', message: 'something new' }],
  ['something_new', 'of 2027', { kind: 'unreadable', why: 'status something_new is unknown' }],
])('the status %s with the words "%s" is understood', (status, message, notice) => {
  expect(said(status, message)).toMatchObject(notice);
});

test('statuses and data share a frame, and are heard in its order', () => {
  const frame = [
    { ev: 'status', status: 'error', message: 'not authorized' },
    { ev: 'status', status: 'success', message: 'subscribed to: V.I:SPX' },
    { ev: 'V', val: 6531.27, T: 'I:SPX', t: 1789574220130 },
  ];
  expect(hearing(feedOf('indices'), frame).all.map(({ kind }) => kind)).toEqual(['denied', 'granted', 'value']);
});

test.each([
  [401, '{"status":"ERROR","request_id":"1","error":"Unknown API Key"}', 'bad-key', 'Unknown API Key'],
  [403, '', 'not-entitled', 'HTTP 403'],
  [404, '404 page not found', 'not-found', 'HTTP 404'],
  [429, '', 'too-many-requests', 'HTTP 429'],
  [400, '{', 'bad-request', 'HTTP 400'],
  [502, '<html>', 'vendor-error', 'HTTP 502'],
])('an upgrade answered %d is a refusal', (status, body, why, message) => {
  expect(feedOf('stocks').refusal(status, body)).toEqual({ why, message });
});
