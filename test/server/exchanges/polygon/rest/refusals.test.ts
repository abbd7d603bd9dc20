import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '../../../../../market/clock.ts';
import { day, minute, seconds } from '../../../../../market/nanos.ts';
import type { Papertape } from '../../../../../server/index.ts';
import type { ScenarioInput } from '../../../../../server/scenario/schema.ts';
import { Asker, httpOf, playToEnd } from '../../../../helpers/asker.ts';
import { opening, quote, trade } from '../../../../helpers/events.ts';
import { PolygonAsker } from '../../../../helpers/polygon-asker.ts';
import { serve } from '../../../../helpers/serve.ts';

const open: Papertape[] = [];
afterEach(async () => {
  for (const papertape of open.splice(0)) await papertape[Symbol.asyncDispose]();
});

/** A day with one trade, and an hour of another with a trade and a quote every five minutes. */
async function hourOfTrades(
  scenario: Partial<ScenarioInput> = {},
): Promise<{ papertape: Papertape; clock: ManualClock }> {
  const clock = new ManualClock(opening);
  const hour = Array.from({ length: 13 }, (_, index) => opening + BigInt(index) * 5n * minute);
  const events = [
    trade(opening - day, { id: 'y' }),
    ...hour.flatMap((at, index) => [trade(at, { id: String(index) }), quote(at)]),
  ];
  const papertape = await serve(events, {}, { endpoints: { polygon: { serverPing: 'off' } }, ...scenario }, clock);
  open.push(papertape);
  await playToEnd(papertape, clock);
  return { papertape, clock };
}

const today = '/v2/aggs/ticker/AAPL/range/1/minute/2026-07-01/2026-07-01';
const error = (text: string) => ({ status: 'ERROR', request_id: expect.stringMatching(/^[0-9a-f]{32}$/), error: text });
const refused = (message: string) => ({
  status: 'NOT_AUTHORIZED',
  request_id: expect.any(String),
  message: `${message} Please upgrade your plan at https://massive.com/pricing`,
});
const notEntitled = refused('You are not entitled to this data.');

test.each([
  // What looks like a cursor and is none of ours: ap=-1, and ap=1e300.
  ['/v3/trades/AAPL?cursor=YXA9LTE', "Invalid cursor: ap is '-1'"],
  ['/v3/trades/AAPL?cursor=YXA9MWUzMDA', "Invalid cursor: ap is '1e300'"],
  [
    '/v2/aggs/ticker/AAPL/range/1/minute/yesterday/2026-07-01',
    "Could not parse the time parameter: 'from'. Use YYYY-MM-DD or Unix MS Timestamps",
  ],
  [
    '/v2/aggs/ticker/AAPL/range/1/minute/2026-07-01/2026-02-30',
    "Could not parse the time parameter: 'to'. Use YYYY-MM-DD or Unix MS Timestamps",
  ],
  [
    '/v2/aggs/ticker/AAPL/range/1/minute/2026-07-02/2026-07-01',
    "The parameter 'to' cannot be a time that occurs before 'from'",
  ],
  [
    '/v2/aggs/ticker/AAPL/range/0/minute/2026-07-01/2026-07-01',
    "Invalid 'multiplier': '0', expected a positive integer",
  ],
  [
    '/v2/aggs/ticker/AAPL/range/1/tick/2026-07-01/2026-07-01',
    "Invalid 'timespan': 'tick', expected second or minute or hour or day or week or month or quarter or year",
  ],
  [`${today}?sort=up`, "Invalid 'sort': 'up', expected asc or desc"],
  ['/v3/trades/AAPL?limit=50001', "Invalid 'limit': '50001', expected a number from 1 to 50000"],
  [
    '/v3/trades/AAPL?timestamp.gte=noon',
    "Could not parse the time parameter: 'timestamp.gte'. Use YYYY-MM-DD or Unix NS Timestamps",
  ],
  ['/v3/quotes/AAPL?cursor=%21', "Invalid cursor: '!'"],
  ['/v1/open-close/AAPL/2026-7-1', "Could not parse the date '2026-7-1'. Use YYYY-MM-DD"],
])('%s is answered with 400 and the reason', async (path, reason) => {
  const { papertape } = await hourOfTrades();
  const { status, body } = await new PolygonAsker(papertape).ask(path);
  expect([status, body]).toEqual([400, error(reason)]);
});

test('more base aggregates than a page may have are taken for the most', async () => {
  const { papertape } = await hourOfTrades();
  expect((await new PolygonAsker(papertape).get(today, { limit: 60_000 }))['resultsCount']).toBe(13);
});

test('a key comes in the query or as a bearer, and none or a wrong one is told apart', async () => {
  const { papertape } = await hourOfTrades({ keys: [{ key: 'mine' }] });
  const nobody = new Asker(papertape, {});
  const missing = await nobody.ask(today);
  expect([missing.status, missing.body]).toEqual([401, error('API Key was not provided')]);
  const wrong = await new PolygonAsker(papertape, 'yours').ask(today);
  expect([wrong.status, wrong.body]).toEqual([401, error('Unknown API Key')]);
  expect((await nobody.ask(today, { apiKey: 'mine' })).status).toBe(200);
  expect((await new PolygonAsker(papertape, 'mine').ask(today)).status).toBe(200);
});

test('every answer is named in a header, and by the same name in its body', async () => {
  const { papertape } = await hourOfTrades({ keys: [{ key: 'mine' }] });
  const asker = new PolygonAsker(papertape, 'mine');
  const answers = [
    await asker.ask(today),
    await asker.ask('/v3/trades/AAPL'),
    await asker.ask('/v2/last/trade/NONE'),
    await asker.ask('/v3/trades/AAPL?limit=0'),
    await new Asker(papertape, {}).ask(today),
  ];
  const names = answers.map(({ headers, body }) => [headers.get('x-request-id'), body['request_id']]);
  for (const [header, body] of names) expect(header).toBe(body);
  expect(new Set(names.flat()).size).toBe(answers.length);
  expect((await asker.ask('/v1/marketstatus/now')).headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
});

test('plan basic has five requests a minute, and the sixth is told to wait', async () => {
  const { papertape, clock } = await hourOfTrades({ keys: [{ key: 'free', plan: 'basic' }] });
  const asker = new PolygonAsker(papertape, 'free');
  const statuses: number[] = [];
  for (let request = 0; request < 5; request++) statuses.push((await asker.ask('/v1/marketstatus/now')).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200]);
  const sixth = await asker.ask('/v1/marketstatus/now');
  expect([sixth.status, sixth.body]).toEqual([
    429,
    error(
      "You've exceeded the maximum requests per minute, please wait or upgrade your subscription to continue. https://massive.com/pricing",
    ),
  ]);
  await clock.advance(seconds(60));
  expect((await asker.ask('/v1/marketstatus/now')).status).toBe(200);
});

test('plan basic sees bars of finished days, and nothing that ticks', async () => {
  const plans = { basic: { requests: 'unlimited' } } as const;
  const { papertape } = await hourOfTrades({
    keys: [{ key: 'free', plan: 'basic' }],
    endpoints: { polygon: { serverPing: 'off', plans } },
  });
  const asker = new PolygonAsker(papertape, 'free');
  const range = await asker.get('/v2/aggs/ticker/AAPL/range/1/minute/2026-06-30/2026-07-01');
  expect([range['resultsCount'], range['status']]).toEqual([1, 'DELAYED']);
  expect(await asker.rowsOf('/v2/aggs/ticker/AAPL/prev')).toHaveLength(1);
  for (const path of [today, '/v1/open-close/AAPL/2026-07-01']) {
    const { status, body } = await asker.ask(path);
    expect([status, body]).toEqual([403, refused("Attempted to request today's data before end of day.")]);
  }
  const old = await asker.ask('/v2/aggs/ticker/AAPL/range/1/day/2020-01-01/2020-12-31');
  expect([old.status, old.body]).toEqual([403, refused("Your plan doesn't include this data timeframe.")]);
  for (const path of [
    '/v3/trades/AAPL',
    '/v3/quotes/AAPL',
    '/v2/last/trade/AAPL',
    '/v2/last/nbbo/AAPL',
    '/v2/snapshot/locale/us/markets/stocks/tickers',
  ]) {
    const { status, body } = await asker.ask(path);
    expect([status, body], path).toEqual([403, notEntitled]);
  }
});

test('delayed plans see everything up to a quarter of an hour ago, and only what they pay for', async () => {
  const { papertape } = await hourOfTrades({
    keys: [
      { key: 'starter', plan: 'starter' },
      { key: 'developer', plan: 'developer' },
      { key: 'advanced', plan: 'advanced' },
    ],
  });
  const [starter, developer, advanced] = ['starter', 'developer', 'advanced'].map(
    (key) => new PolygonAsker(papertape, key),
  );
  const ids = async (asker?: PolygonAsker) =>
    (await asker?.rowsOf('/v3/trades/AAPL', { timestamp: '2026-07-01' }))?.map(({ id }) => id);
  expect((await ids(advanced))?.[0]).toBe('12');
  const delayed = await ids(developer);
  expect(delayed?.[0]).toBe('9');
  expect((await developer?.ask('/v3/quotes/AAPL'))?.body).toEqual(notEntitled);
  expect((await starter?.ask('/v3/trades/AAPL'))?.body).toEqual(notEntitled);
  const bars = await starter?.get(today);
  expect([bars?.['status'], bars?.['resultsCount']]).toEqual(['DELAYED', 10]);
  expect((await developer?.get('/v2/last/trade/AAPL'))?.['results']).toMatchObject({ i: '9' });
});

test('a key of another vendor is unknown here, and the paths below the name of the exchange answer too', async () => {
  const { papertape } = await hourOfTrades({
    endpoints: { alpaca: {}, polygon: { serverPing: 'off', brand: 'polygon' } },
    keys: [
      { key: 'theirs', secret: 's', plan: 'plus' },
      { key: 'free', plan: 'basic' },
    ],
  });
  expect((await new PolygonAsker(papertape, 'theirs').ask(today)).body).toEqual(error('Unknown API Key'));
  const response = await fetch(`${httpOf(papertape)}/polygon${today}?apiKey=free`);
  expect([response.status, await response.text()]).toEqual([
    403,
    expect.stringContaining('https://polygon.io/pricing'),
  ]);
});
