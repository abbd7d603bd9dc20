import { expect, test } from 'vitest';
import { ManualClock } from '../../../../market/clock.ts';
import { seconds } from '../../../../market/nanos.ts';
import type { Papertape } from '../../../../server/index.ts';
import type { ScenarioInput } from '../../../../server/scenario/schema.ts';
import { Asker, playToEnd } from '../../../helpers/asker.ts';
import { opening, trade } from '../../../helpers/events.ts';
import { serve } from '../../../helpers/serve.ts';

type Switches = NonNullable<NonNullable<ScenarioInput['endpoints']>['twelvedata']>;

const keys = [
  { key: 'small', plan: 'basic' },
  { key: 'large', plan: 'pro' },
];

async function played(switches: Switches, clock: ManualClock): Promise<Papertape> {
  const tape = [trade(opening, { id: '1' }), trade(opening, { id: '2', market: 'crypto', symbol: 'BTC/USD' })];
  const papertape = await serve(tape, {}, { keys, endpoints: { twelvedata: switches } }, clock);
  await playToEnd(papertape, clock);
  return papertape;
}

const asking = (papertape: Papertape, key: string): Asker => new Asker(papertape, { authorization: `apikey ${key}` });
const credits = (headers: Headers): readonly (string | null)[] => [
  headers.get('api-credits-used'),
  headers.get('api-credits-left'),
];

test('a minute has so many credits, a symbol costs one, and the next minute begins anew', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await played({}, clock);
  const asker = asking(papertape, 'small');
  await clock.advance(seconds(60));
  const first = await asker.ask('/price', { symbol: 'AAPL,BTC/USD' });
  expect(credits(first.headers)).toEqual(['2', '6']);
  for (let turn = 0; turn < 6; turn++) await asker.get('/price', { symbol: 'AAPL' });
  const { status, body, headers } = await asker.ask('/price', { symbol: 'AAPL' });
  expect(status).toBe(429);
  expect(credits(headers)[1]).toBe('0');
  expect(body).toEqual({
    code: 429,
    message:
      'You have run out of API credits for the current minute. 9 API credits were used, with the current limit being 8. ' +
      'Wait for the next minute or consider switching to a higher tier plan at https://twelvedata.com/pricing',
    status: 'error',
  });
  await asking(papertape, 'large').get('/price', { symbol: 'AAPL' });
  await clock.advance(seconds(60));
  await asker.get('/price', { symbol: 'AAPL' });
});

test('a day has so many credits too, and api_usage tells both', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await played({ creditsPerDay: { basic: 3 } }, clock);
  const asker = asking(papertape, 'small');
  await asker.get('/price', { symbol: 'AAPL' });
  await clock.advance(seconds(60));
  await asker.get('/price', { symbol: 'AAPL' });
  expect(await asker.get('/api_usage')).toEqual({
    timestamp: '2026-07-01 14:31:00',
    current_usage: 2,
    plan_limit: 8,
    daily_usage: 3,
    plan_daily_limit: 3,
    plan_category: 'basic',
  });
  const { status, body } = await asker.ask('/price', { symbol: 'AAPL' });
  expect(status).toBe(429);
  expect(body['message']).toMatch(
    /^You have run out of API credits for the day. 4 API .* limit being 3. Wait for the next day/,
  );
  await clock.advance(seconds(86_400));
  await asker.get('/price', { symbol: 'AAPL' });
  expect(await asking(papertape, 'large').get('/api_usage')).toEqual({
    timestamp: expect.any(String),
    current_usage: 1,
    plan_limit: 1597,
    plan_category: 'pro',
  });
});

test('values may cost credits as well', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await played({ valuesPerCredit: 100 }, clock);
  const asker = asking(papertape, 'large');
  const used = async (query: Record<string, string | number>): Promise<number> => {
    await clock.advance(seconds(60));
    const { headers } = await asker.ask('/time_series', { interval: '1min', ...query });
    return Number(credits(headers)[0]);
  };
  expect(await used({ symbol: 'AAPL' })).toBe(1);
  expect(await used({ symbol: 'AAPL', outputsize: 1000 })).toBe(10);
  expect(await used({ symbol: 'AAPL,BTC/USD', start_date: '2026-07-01' })).toBe(100);
});

test('what is answered is what is paid for, however often and under whatever name symbols are asked for', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await played({}, clock);
  const asker = asking(papertape, 'large');
  const answer = async (query: Record<string, string>): Promise<readonly [string[], string | null | undefined]> => {
    await clock.advance(seconds(60));
    const { body, headers } = await asker.ask('/price', query);
    return [Object.keys(body), credits(headers)[0]];
  };
  expect(await answer({ symbol: 'AAPL', SYMBOL: 'AAPL,BTC/USD' })).toEqual([['AAPL', 'BTC/USD'], '2']);
  expect(await answer({ symbol: 'AAPL, AAPL ,' })).toEqual([['price'], '1']);
});

test('a wrong key and none are told in the same words, with a status of the scenario’s choice', async () => {
  const clock = new ManualClock(opening);
  const body = {
    code: 401,
    status: 'error',
    message: expect.stringMatching(/^\*\*apikey\*\* parameter is incorrect or/),
  };
  await using strict = await played({}, clock);
  expect(await asking(strict, 'wrong').ask('/price', { symbol: 'AAPL' })).toMatchObject({ status: 401, body });
  expect(await new Asker(strict, {}).ask('/price', { symbol: 'AAPL' })).toMatchObject({ status: 401, body });
  await using lenient = await played({ errorStatus: '200' }, clock);
  expect(await asking(lenient, 'wrong').ask('/price', { symbol: 'AAPL' })).toMatchObject({ status: 200, body });
});

test('a key is shown in the URL under a name in any case, or in either header', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await played({}, clock);
  const anybody = new Asker(papertape, {});
  expect(await anybody.ask('/price', { SYMBOL: 'AAPL', ApiKey: 'large' })).toMatchObject({ status: 200 });
  const header = new Asker(papertape, { 'X-TD-APIKEY': 'large' });
  expect(await header.ask('/price', { symbol: 'AAPL' })).toMatchObject({ status: 200 });
});

test.each([
  [
    { interval: '0.99min' },
    400,
    /^Invalid \*\*interval\*\* provided: 0.99min. Supported intervals: 1min, 5min, 15min,/,
  ],
  [{ interval: undefined }, 400, /^Missing \*\*interval\*\*\. Supported intervals: 1min, 5min, 15min,/],
  [{ delimiter: '' }, 400, /^Invalid \*\*delimiter\*\* provided: \. It should be one character$/],
  [{ delimiter: '||' }, 400, /^Invalid \*\*delimiter\*\* provided: \|\|\. It should be one character$/],
  [{ outputsize: 0 }, 400, /^Invalid \*\*outputsize\*\* provided: 0\./],
  [{ outputsize: 5001 }, 400, /^Invalid \*\*outputsize\*\* provided: 5001\./],
  [{ dp: 12 }, 400, /^Invalid \*\*dp\*\* provided: 12\./],
  [{ timezone: 'Mars/Olympus' }, 400, /^Invalid \*\*timezone\*\* provided: Mars\/Olympus\./],
  [{ start_date: '2026-02-30' }, 400, /^Invalid \*\*start_date\*\* provided: 2026-02-30\./],
  [{ date: 'tomorrow' }, 400, /^Invalid \*\*date\*\* provided: tomorrow\./],
  [{ order: 'up' }, 400, /^Invalid \*\*order\*\* provided: up\./],
  [{ format: 'XML' }, 400, /^Invalid \*\*format\*\* provided: XML\./],
  [{ start_date: '2020-01-01', end_date: '2020-01-02' }, 400, /^No data is available on the specified dates\./],
  [{ symbol: '' }, 404, /^\*\*symbol\*\* or \*\*figi\*\* parameter is missing or invalid\./],
  [{ symbol: 'NOPE' }, 404, /^\*\*symbol\*\* or \*\*figi\*\* parameter is missing or invalid\./],
])('a series asked for with %j is refused with %d', async (query, code, message) => {
  const clock = new ManualClock(opening);
  await using papertape = await played({}, clock);
  const answer = await asking(papertape, 'large').ask('/time_series', { symbol: 'AAPL', interval: '1min', ...query });
  expect(answer).toMatchObject({
    status: code,
    body: { code, status: 'error', message: expect.stringMatching(message) },
  });
});

test('extended hours, and securities of other countries, are not in plan basic', async () => {
  const clock = new ManualClock(opening);
  const listings = { AAPL: { exchange: 'BMV', mic: 'XMEX', country: 'Mexico', currency: 'MXN' } };
  await using papertape = await played({ listings }, clock);
  const [small, large] = [asking(papertape, 'small'), asking(papertape, 'large')];
  const series = { symbol: 'BTC/USD', interval: '1min', prepost: true };
  expect(await small.ask('/time_series', series)).toMatchObject({ status: 403, body: { code: 403 } });
  expect(await large.ask('/time_series', series)).toMatchObject({ status: 200 });
  expect(await small.ask('/price', { symbol: 'AAPL' })).toMatchObject({
    status: 404,
    body: { message: expect.stringMatching('^This symbol is available starting with the Grow or Venture plan') },
  });
  expect(await large.get('/time_series', { symbol: 'AAPL', interval: '1day', mic_code: 'XMEX' })).toMatchObject({
    meta: { currency: 'MXN', exchange: 'BMV', mic_code: 'XMEX', type: 'Common Stock' },
  });
});
