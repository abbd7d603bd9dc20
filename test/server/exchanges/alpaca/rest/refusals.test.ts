import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '../../../../../market/clock.ts';
import { minute } from '../../../../../market/nanos.ts';
import type { Papertape } from '../../../../../server/index.ts';
import type { ScenarioInput } from '../../../../../server/scenario/schema.ts';
import { Asker, playToEnd, type Query } from '../../../../helpers/asker.ts';
import { opening, trade } from '../../../../helpers/events.ts';
import { serve } from '../../../../helpers/serve.ts';

const open: Papertape[] = [];
afterEach(async () => {
  for (const papertape of open.splice(0)) await papertape[Symbol.asyncDispose]();
});

/** An hour with a trade every five minutes; history has reached 15:30. */
async function hourOfTrades(
  scenario: Partial<ScenarioInput> = {},
): Promise<{ papertape: Papertape; clock: ManualClock }> {
  const clock = new ManualClock(opening);
  const events = Array.from({ length: 13 }, (_, index) =>
    trade(opening + BigInt(index) * 5n * minute, { id: String(index) }),
  );
  const papertape = await serve(events, {}, scenario, clock);
  open.push(papertape);
  await playToEnd(papertape, clock);
  return { papertape, clock };
}

const header = (key: string, secret = 'secret') => ({ 'APCA-API-KEY-ID': key, 'APCA-API-SECRET-KEY': secret });
const trades = '/v2/stocks/trades';

test.each([
  [trades, {}, { message: "Invalid format for parameter symbols: query parameter 'symbols' is required" }],
  [trades, { symbols: 'BTC/USD' }, { message: 'invalid symbol: BTC/USD' }],
  [trades, { symbols: 'AAPL', timeframe: '1Min' }, { code: 40_010_000, message: 'unexpected parameter(s): timeframe' }],
  [trades, { symbols: 'AAPL', start: '2026-07-02', end: '2026-07-01' }, { message: 'end should not be before start' }],
  [trades, { symbols: 'AAPL', limit: 10_001 }, { message: 'invalid limit: 10001 is not from 1 to 10000' }],
  [trades, { symbols: 'AAPL', limit: 0 }, { message: 'invalid limit: 0 is not from 1 to 10000' }],
  [trades, { symbols: 'AAPL', sort: 'up' }, { message: 'invalid sort: up' }],
  [trades, { symbols: 'AAPL', feed: 'delayed_sip' }, { message: 'invalid feed: delayed_sip' }],
  [
    trades,
    { symbols: 'AAPL', start: 'not-a-date' },
    { message: "Invalid format for parameter start: error parsing 'not-a-date' as RFC3339 or 2006-01-02 time" },
  ],
  [
    trades,
    { symbols: 'AAPL', end: '2026-02-30' },
    { message: "Invalid format for parameter end: error parsing '2026-02-30' as RFC3339 or 2006-01-02 time" },
  ],
  ['/v2/stocks/AAPL/trades', { symbols: 'AAPL' }, { code: 40_010_000, message: 'unexpected parameter(s): symbols' }],
  [
    '/v2/stocks/bars',
    { symbols: 'AAPL', timeframe: '1Min', adjustment: 'none' },
    { message: 'invalid adjustment: none' },
  ],
  [
    '/v1beta3/crypto/us/bars',
    { symbols: 'BTC/USD', timeframe: '1Min', feed: 'sip' },
    { code: 40_010_000, message: 'unexpected parameter(s): feed' },
  ],
  ['/v1beta1/news', { limit: 51 }, { message: 'invalid limit: 51 is not from 1 to 50' }],
  ['/v2/stocks/meta/conditions/trade', { tape: 'X' }, { message: 'invalid tape: X' }],
] as const)('%s with %j is refused with 400', async (path, query: Query, body) => {
  const { papertape } = await hourOfTrades();
  const answer = await new Asker(papertape).ask(path, query);
  expect([answer.status, answer.body]).toEqual([400, body]);
});

test('a key without SIP sees its history up to 15 minutes ago, and a later end refuses the whole request', async () => {
  const { papertape } = await hourOfTrades({ keys: [{ key: 'free', secret: 'secret', plan: 'basic' }] });
  const asker = new Asker(papertape, header('free'));
  const now = (await asker.get('/v2/clock'))['timestamp'];
  expect(now).toMatch(/^2026-07-01T11:3/);
  const ids = async (query: Query) =>
    (await asker.rows(trades, { symbols: 'AAPL', ...query }, 'trades')).map(([, { i }]) => i);
  expect(await ids({})).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(await ids({ end: '2026-07-01T15:15:00Z' })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (const end of ['2026-07-01T15:20:00Z', '2027-01-01']) {
    const refusal = await asker.ask(trades, { symbols: 'AAPL', end });
    expect(refusal.status).toBe(403);
    expect(refusal.body).toEqual({ message: 'subscription does not permit querying recent SIP data' });
  }
  expect((await ids({ feed: 'iex', end: '2026-07-01T16:00:00Z' })).length).toBe(13);
  // The best feed of the plan is IEX; the delayed one is 15 minutes behind.
  expect(await asker.get('/v2/stocks/AAPL/trades/latest')).toMatchObject({ trade: { i: 12 } });
  expect(await asker.get('/v2/stocks/AAPL/trades/latest', { feed: 'delayed_sip' })).toMatchObject({ trade: { i: 9 } });
  expect((await asker.ask('/v2/stocks/AAPL/trades/latest', { feed: 'sip' })).status).toBe(403);
});

test('the 201st request of a minute on the free plan is refused, and the next minute is open again', async () => {
  const { papertape, clock } = await hourOfTrades({ keys: [{ key: 'free', plan: 'basic' }] });
  const asker = new Asker(papertape, header('free'));
  const left: (string | null)[] = [];
  for (let request = 0; request < 200; request++) {
    const { headers } = await asker.ask('/v2/orders');
    left.push(headers.get('x-ratelimit-remaining'));
  }
  expect([left[0], left[199]]).toEqual(['199', '0']);
  const { status, body, headers } = await asker.ask('/v2/orders');
  expect([status, body]).toEqual([429, { message: 'too many requests.' }]);
  const nextMinute = (clock.now() / minute + 1n) * 60n;
  expect([headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-reset')]).toEqual(['200', String(nextMinute)]);
  await clock.advance(minute);
  expect((await asker.ask('/v2/orders')).status).toBe(200);
});

test('a wrong or missing key gets what the web server in front says, or forbidden, as the switch stands', async () => {
  const keys = [{ key: 'good', secret: 'right', plan: 'plus' }];
  const { papertape } = await hourOfTrades({ keys });
  for (const headers of [{}, header('good', 'wrong'), header('other')] as const) {
    const { status, text, headers: given } = await new Asker(papertape, headers).ask('/v2/account');
    expect([status, given.get('content-type')]).toEqual([401, 'text/html']);
    expect(text).toContain('<title>401 Authorization Required</title>');
    expect(given.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  }
  const good = new Asker(papertape, { Authorization: `Basic ${Buffer.from('good:right').toString('base64')}` });
  expect((await good.ask('/v2/account')).status).toBe(200);
  const { papertape: other } = await hourOfTrades({ keys, endpoints: { alpaca: { restAuthError: 403 } } });
  const { status, body } = await new Asker(other, {}).ask('/v2/account');
  expect([status, body]).toEqual([403, { message: 'forbidden.' }]);
});

test('every answer has an id of its own, the same in every run', async () => {
  const ids = async (): Promise<(string | null)[]> => {
    const { papertape } = await hourOfTrades();
    const asker = new Asker(papertape);
    const answers = [await asker.ask('/v2/clock'), await asker.ask(trades), await asker.ask('/v2/assets/NONE')];
    return answers.map(({ headers }) => headers.get('x-request-id'));
  };
  const first = await ids();
  expect(new Set(first).size).toBe(3);
  expect(await ids()).toEqual(first);
});
