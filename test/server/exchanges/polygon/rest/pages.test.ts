import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../../../market/clock.ts';
import type { MarketEvent } from '../../../../../market/event.ts';
import { day, second, seconds } from '../../../../../market/nanos.ts';
import { Asker, playToEnd } from '../../../../helpers/asker.ts';
import { opening, quote, trade } from '../../../../helpers/events.ts';
import { PolygonAsker } from '../../../../helpers/polygon-asker.ts';
import { serve } from '../../../../helpers/serve.ts';

const quiet = { endpoints: { polygon: { serverPing: 'off' } } } as const;

/** Minutes of trading in two symbols, with many events at one instant. */
const tapes = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom('AAPL', 'MSFT'), fc.constantFrom('trade', 'quote')), {
    minLength: 1,
    maxLength: 60,
  })
  .map((steps) => {
    let at = opening;
    return steps.map(([wait, symbol, kind], index): MarketEvent => {
      // Tapes start at the opening, so that it is known what has been played after so many seconds.
      at += index === 0 ? 0n : BigInt(wait) * 7_000_000_001n;
      return kind === 'trade'
        ? trade(at, { symbol, id: String(index), price: 200 + (index % 13) })
        : quote(at, { symbol, bidSize: index });
    });
  });

test('pages of trades and quotes, joined, are what has been played in those bounds, in either order', async () => {
  await fc.assert(
    fc.asyncProperty(
      tapes,
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('asc', 'desc'),
      fc.constantFrom('trade', 'quote'),
      fc.integer({ min: 0, max: 900 }),
      fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 600 })),
      fc.constantFrom('original', 'shifted'),
      async (events, limit, order, kind, elapsed, [begin, length], timestamps) => {
        const clock = new ManualClock(opening + day + 123n);
        await using papertape = await serve(events, { timestamps }, quiet, clock);
        papertape.run.play();
        await clock.advance(seconds(elapsed));
        const shift = timestamps === 'shifted' ? day : 0n;
        const [from, to] = [opening + shift + seconds(begin), opening + shift + seconds(begin + length)];
        const bounds = { 'timestamp.gte': String(from), 'timestamp.lt': String(to) };
        const asker = new PolygonAsker(papertape);
        const pages = await asker.pages(`/v3/${kind}s/AAPL`, { ...bounds, limit, order });
        const expected = events.filter(
          (event) =>
            event.kind === kind &&
            event.symbol === 'AAPL' &&
            event.at <= opening + seconds(elapsed) &&
            event.at + shift >= from &&
            event.at + shift < to,
        );
        const told = pages.flat().map(({ id, bid_size: size, sip_timestamp: at }) => [id ?? size, at]);
        const inOrder = order === 'asc' ? expected : expected.toReversed();
        expect(told).toEqual(inOrder.map((event) => [nameOf(event), Number(event.at + shift)]));
        expect(pages.slice(0, -1).map((page) => page.length)).toEqual(pages.slice(0, -1).map(() => limit));
        // Whoever is led to a page finds something there: the JavaScript SDK breaks on one without rows.
        if (pages.length > 1) expect(pages.at(-1)).not.toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

const nameOf = (event: MarketEvent): unknown =>
  event.kind === 'trade' ? event.id : event.kind === 'quote' ? event.bidSize : undefined;

test('pages of aggregates, joined, are the whole, in either order and over any stretch of time', async () => {
  await fc.assert(
    fc.asyncProperty(
      tapes,
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom('second', 'minute', 'hour', 'day'),
      fc.integer({ min: -90, max: 90 }),
      async (events, limit, multiplier, timespan, offset) => {
        const clock = new ManualClock(opening);
        await using papertape = await serve(events, {}, quiet, clock);
        await playToEnd(papertape, clock);
        const asker = new PolygonAsker(papertape);
        const from = Number(opening / 1_000_000n) + offset * 1000;
        const path = `/v2/aggs/ticker/AAPL/range/${multiplier}/${timespan}/${from}/2026-07-02`;
        const [whole = [], ...more] = await asker.pages(path, { limit: 50_000 });
        expect(more).toEqual([]);
        const pages = await asker.pages(path, { limit });
        const backwards = await asker.pages(path, { limit, sort: 'desc' });
        expect(pages.flat()).toEqual(whole);
        expect(backwards.flat().toReversed()).toEqual(whole);
        if (multiplier === 1 && timespan !== 'hour') {
          for (const page of [...pages.slice(0, -1), ...backwards.slice(0, -1)]) expect(page).toHaveLength(limit);
        }
        if (whole.length > 0) for (const page of [...pages, ...backwards]) expect(page).not.toEqual([]);
        const traded = events.filter(
          (event) => event.kind === 'trade' && event.symbol === 'AAPL' && event.at / second >= BigInt(from) / 1000n,
        );
        const volume = whole.reduce((sum, { v }) => sum + Number(v), 0);
        if (timespan === 'second') expect(volume).toBe(traded.length * 100);
      },
    ),
    { numRuns: 50 },
  );
});

test('the next page is on the host that was asked, and its cursor has the form of the real ones, without the key', async () => {
  const clock = new ManualClock(opening);
  const events = [0n, 0n, 0n, 90n].map((wait, index) => trade(opening + wait * second, { id: String(index) }));
  await using papertape = await serve(events, {}, quiet, clock);
  await playToEnd(papertape, clock);
  const asker = new PolygonAsker(papertape);
  const nextOf = async (path: string, query: object): Promise<URL> =>
    new URL(String((await asker.get(path, { ...query, apiKey: 'key' }))['next_url']));
  const cursorOf = (url: URL): string => Buffer.from(url.searchParams.get('cursor') ?? '', 'base64').toString();

  const trades = await nextOf('/v3/trades/AAPL', { limit: 2, order: 'asc' });
  expect(trades.origin).toBe(papertape.url.replace(/^ws/, 'http'));
  expect([...trades.searchParams.keys()]).toEqual(['cursor']);
  expect(cursorOf(trades)).toBe('ap=2&as=&limit=2&order=asc&sort=timestamp&timestamp.gte=2026-07-01T14%3A30%3A00Z');
  expect(trades.search).not.toMatch(/=$/);

  const range = '/v2/aggs/ticker/AAPL/range/1/minute';
  const ascending = await nextOf(`${range}/2026-07-01/2026-07-02`, { limit: 1 });
  expect(ascending.pathname).toBe(`${range}/${Number((opening + 60n * second) / 1_000_000n)}/2026-07-02`);
  expect(cursorOf(ascending)).toBe('limit=1&sort=asc');
  const descending = await nextOf(`${range}/2026-07-01/2026-07-02`, { limit: 1, sort: 'desc' });
  expect(descending.pathname).toBe(`${range}/2026-07-01/${Number((opening + 60n * second) / 1_000_000n) - 1}`);
});

test('behind a proxy that ends TLS the next page is where the client asked, not where the proxy did', async () => {
  const clock = new ManualClock(opening);
  await using papertape = await serve([trade(opening), trade(opening + second)], {}, quiet, clock);
  await playToEnd(papertape, clock);
  const forwarded = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'market.example:8443' };
  const asker = new Asker(papertape, { Authorization: 'Bearer key', ...forwarded });
  for (const path of ['/v3/trades/AAPL', '/v2/aggs/ticker/AAPL/range/1/second/2026-07-01/2026-07-02']) {
    const { next_url: next } = await asker.get(path, { limit: 1 });
    expect(new URL(String(next)).origin).toBe('https://market.example:8443');
  }
});

test('before the tape starts there is nothing to tell', async () => {
  await using papertape = await serve([trade(opening), trade(opening + second)], {}, quiet);
  const asker = new PolygonAsker(papertape);
  expect(await asker.rowsOf('/v3/trades/AAPL')).toEqual([]);
  expect(await asker.rowsOf('/v2/aggs/ticker/AAPL/range/1/day/2026-01-01/2026-12-31')).toEqual([]);
  expect((await asker.ask('/v2/last/trade/AAPL')).status).toBe(404);
});
