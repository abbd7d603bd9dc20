import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../../../market/clock.ts';
import { minute } from '../../../market/nanos.ts';
import type { Papertape } from '../../../server/index.ts';
import { Asker, httpOf, playToEnd, type Query } from '../../helpers/asker.ts';
import { opening, quote, trade } from '../../helpers/events.ts';
import { serve } from '../../helpers/serve.ts';

// Dates far beyond any tape: an open end is often written so, and no vendor answers it with an error of its own.

let papertape: Papertape;
let alpaca: Asker;
beforeAll(async () => {
  const clock = new ManualClock(opening);
  const events = [0n, 1n, 2n].flatMap((late) => [trade(opening + late * minute), quote(opening + late * minute)]);
  papertape = await serve(events, {}, {}, clock);
  await playToEnd(papertape, clock);
  alpaca = new Asker(papertape);
});
afterAll(() => papertape[Symbol.asyncDispose]());

/** Each is a date of four digits that vendors' parsers take. */
const farDates = ['0000-01-01', '0001-01-01', '0099-12-31', '1677-09-21', '2262-04-11', '9999-12-31'];
const farTimes = ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59.999999999-12:00'];

/** Names of the date parameters of a path, and what it needs besides. */
const alpacaPaths: readonly (readonly [path: string, names: readonly string[], besides: Query])[] = [
  ['/v2/stocks/trades', ['start', 'end'], { symbols: 'AAPL' }],
  ['/v2/stocks/bars', ['start', 'end'], { symbols: 'AAPL', timeframe: '1Month' }],
  ['/v2/stocks/auctions', ['start', 'end'], { symbols: 'AAPL' }],
  ['/v1beta3/crypto/us/bars', ['start', 'end'], { symbols: 'BTC/USD', timeframe: '1Week' }],
  ['/v1beta1/news', ['start', 'end'], {}],
  ['/v1beta1/options/snapshots/AAPL', ['updated_since'], {}],
  ['/v2/calendar', ['start', 'end'], {}],
];

test.each(alpacaPaths)('Alpaca: %s takes far dates in %j', async (path, names, besides) => {
  for (const name of names) {
    const isDateOnly = path === '/v2/calendar';
    for (const text of isDateOnly ? farDates : [...farDates, ...farTimes]) {
      const { status, text: told } = await alpaca.ask(path, { ...besides, [name]: text });
      // Before the beginning nothing can end.
      expect([200, name === 'end' ? 400 : 200], `${name}=${text}: ${told}`).toContain(status);
    }
    for (const text of ['9999-99-99', '10000-01-01', '-001-01-01', '2026-02-30']) {
      expect((await alpaca.ask(path, { ...besides, [name]: text })).status, `${name}=${text}`).toBe(400);
    }
  }
});

test('Alpaca: an end in the year 9999 is no end, and a start in the year 1 is the beginning', async () => {
  const rows = await alpaca.rows(
    '/v2/stocks/trades',
    { symbols: 'AAPL', start: '0001-01-01', end: '9999-12-31' },
    'trades',
  );
  expect(rows.length).toBe(3);
});

async function polygon(path: string): Promise<readonly [status: number, body: string]> {
  const response = await fetch(`${httpOf(papertape)}${path}${path.includes('?') ? '&' : '?'}apiKey=key`);
  return [response.status, await response.text()];
}

test.each(['minute', 'day', 'week', 'month', 'quarter', 'year'])('Polygon: aggregates of a %s', async (timespan) => {
  const edges = [...farDates, '9999999999999999999', '253402300799000', '0'];
  for (const multiplier of [1, 7, 999_999]) {
    for (const [from, to] of edges.flatMap((edge) => [
      [edge, '2026-07-02'],
      ['2026-07-01', edge],
    ])) {
      const [status, body] = await polygon(`/v2/aggs/ticker/AAPL/range/${multiplier}/${timespan}/${from}/${to}`);
      expect([200, 400], `${multiplier} ${from} ${to}: ${body}`).toContain(status);
    }
  }
  const [, whole] = await polygon(`/v2/aggs/ticker/AAPL/range/1/${timespan}/0001-01-01/9999-12-31`);
  expect(JSON.parse(whole)).toMatchObject({ resultsCount: timespan === 'minute' ? 3 : 1 });
});

test('Polygon: trades, quotes and days', async () => {
  for (const text of [...farDates, ...farTimes.map(encodeURIComponent), '9999999999999999999', '0']) {
    for (const name of ['timestamp', 'timestamp.gte', 'timestamp.gt', 'timestamp.lte', 'timestamp.lt']) {
      for (const kind of ['trades', 'quotes']) {
        const [status, body] = await polygon(`/v3/${kind}/AAPL?${name}=${text}`);
        expect([200, 400], `${kind} ${name}=${text}: ${body}`).toContain(status);
      }
    }
  }
  for (const text of [...farDates, '2026-02-30', 'x']) {
    for (const path of [`/v2/aggs/grouped/locale/us/market/stocks/${text}`, `/v1/open-close/AAPL/${text}`]) {
      expect((await polygon(path))[0], path).toBeLessThan(500);
    }
  }
  const [, whole] = await polygon('/v3/trades/AAPL?timestamp.gte=0001-01-01&timestamp.lte=9999-12-31');
  expect(JSON.parse(whole)).toMatchObject({ results: [{}, {}, {}] });
});

test('Twelve Data: every date parameter', async () => {
  const ask = async (path: string, query: Query): Promise<readonly [number, Record<string, unknown>]> => {
    const { status, body } = await alpaca.ask(path, { symbol: 'AAPL', apikey: 'key', ...query });
    return [status, body];
  };
  for (const text of [...farDates, '0000-01-01 00:00:00', '9999-12-31T23:59:59', '2026-02-30']) {
    for (const zone of ['UTC', 'Exchange', 'Pacific/Kiritimati', 'Asia/Tokyo']) {
      for (const [path, name] of [
        ['/time_series', 'start_date'],
        ['/time_series', 'end_date'],
        ['/time_series', 'date'],
        ['/exchange_rate', 'date'],
        ['/eod', 'date'],
        ['/quote', 'date'],
      ] as const) {
        const [status, body] = await ask(path, { [name]: text, timezone: zone, interval: '1month' });
        expect(status, `${path} ${name}=${text}: ${JSON.stringify(body)}`).toBeLessThan(500);
        expect(body['code'] ?? 200, `${path} ${name}=${text}: ${JSON.stringify(body)}`).toBeLessThan(500);
      }
    }
  }
  const [, whole] = await ask('/time_series', {
    start_date: '0001-01-01',
    end_date: '9999-12-31',
    interval: '1min',
  });
  expect(whole['values'], JSON.stringify(whole)).toHaveLength(3);
});
