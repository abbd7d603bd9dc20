import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { Batch } from '../../../../client/sinks/sink.ts';
import { wantsOf } from '../../../../client/wants.ts';
import { type Cache, type CacheHappening, cacheSettings, openCache } from '../../../../client/sinks/cache/index.ts';
import { SystemClock } from '../../../../market/clock.ts';
import type { MarketEvent } from '../../../../market/event.ts';
import type { z } from 'zod';
import { bar, opening, price, quote, trade } from '../../../helpers/events.ts';
import { testRedis } from '../../../services/index.ts';

const happenings: CacheHappening[] = [];
const opened: Cache[] = [];
afterAll(async () => {
  await Promise.all(opened.map(async (cache) => await cache[Symbol.asyncDispose]()));
  // Nobody went away, wrote rubbish or threw.
  expect(happenings).toEqual([]);
});

const batch = (...events: MarketEvent[]): Batch => ({
  events,
  dataSource: 'alpaca',
  origin: 'stream',
  heardAt: opening,
});

const places = [
  ['in memory', async () => undefined],
  ['in Redis', testRedis],
] as const;

describe.each(places)('a cache %s', (_, place) => {
  const open = async (given: z.input<typeof cacheSettings> = {}): Promise<Cache> => {
    const settings = cacheSettings.parse({ prefix: `test:${randomUUID()}:`, ...given });
    const cache = await openCache(await place(), settings, new SystemClock(), (happening) =>
      happenings.push(happening),
    );
    opened.push(cache);
    return cache;
  };
  const filled = async (cache: Cache, ...events: MarketEvent[]): Promise<Cache> => {
    expect(cache.take(batch(...events))).toBeUndefined();
    await cache.flush();
    return cache;
  };

  test('tells the newest of each channel of a symbol, in full', async () => {
    const cache = await filled(
      await open(),
      trade(opening, { symbol: 'EUR/USD', price: 1.1, participantAt: opening - 1n }),
      quote(opening + 1n, { symbol: 'EUR/USD' }),
      bar('bar', opening, opening + 2n, { symbol: 'EUR/USD' }),
      price(opening + 3n, { symbol: 'EUR/USD', price: 1.2 }),
      trade(opening + 4n, { symbol: 'MSFT' }),
    );
    const told = await cache.latest('EUR/USD', ['price', 'trade', 'value', 'bar']);
    expect(told.map(({ kind }) => kind)).toEqual(['price', 'trade', 'bar']);
    expect(told[1]).toEqual({
      at: '2026-07-01T14:30:00.000000000Z',
      kind: 'trade',
      market: 'stocks',
      symbol: 'EUR/USD',
      dataSource: 'alpaca',
      id: '1',
      price: 1.1,
      size: 100,
      exchange: 'V',
      conditions: ['@'],
      tape: 'C',
      participantAt: '2026-07-01T14:29:59.999999999Z',
    });
    expect(await cache.latest('AAPL', ['trade'])).toEqual([]);
    expect(await cache.symbols(10)).toEqual(['EUR/USD', 'MSFT']);
    expect(await cache.symbols(1)).toEqual(['MSFT']);
  });

  test('never lets an older event replace a newer one, to the nanosecond, in whatever order they come', async () => {
    const order = fc.shuffledSubarray([0n, 1n, 2n, 999n, 1000n, 1001n, 5000n], { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(order, { minLength: 1, maxLength: 3 }), async (batches) => {
        const cache = await open();
        for (const offsets of batches) {
          await filled(cache, ...offsets.map((offset) => trade(opening + offset, { id: String(offset) })));
        }
        const all = [...new Set(batches.flat())].sort((one, other) => Number(one - other)).map(String);
        expect(await cache.latest('AAPL', ['trade'])).toMatchObject([{ id: all.at(-1) }]);
        expect((await cache.recent('AAPL', 'trade')).map((event) => 'id' in event && event.id)).toEqual(all);
        await cache[Symbol.asyncDispose]();
      }),
      { numRuns: 20 },
    );
  });

  test('puts the event heard last in place of one of the same time', async () => {
    const cache = await filled(await open(), quote(opening, { bidPrice: 1 }), quote(opening, { bidPrice: 2 }));
    expect(await cache.latest('AAPL', ['quote'])).toMatchObject([{ bidPrice: 2 }]);
    await filled(cache, quote(opening, { bidPrice: 3 }));
    expect(await cache.latest('AAPL', ['quote'])).toMatchObject([{ bidPrice: 3 }]);
  });

  test('keeps as many recent events as it was told, each once, oldest first', async () => {
    const trades = Array.from({ length: 12 }, (__, index) => trade(opening + BigInt(index), { id: String(index) }));
    const cache = await filled(await open({ recent: 5 }), ...trades);
    await filled(cache, ...trades);
    const ids = async (limit?: number): Promise<unknown[]> =>
      (await cache.recent('AAPL', 'trade', limit)).map((event) => 'id' in event && event.id);
    expect(await ids()).toEqual(['7', '8', '9', '10', '11']);
    expect(await ids(2)).toEqual(['10', '11']);
    expect(await ids(0)).toEqual([]);
    expect(await cache.recent('AAPL', 'quote')).toEqual([]);
  });

  test('keeps none when told so, yet the latest', async () => {
    const cache = await filled(await open({ recent: 0 }), trade(opening), trade(opening + 1n, { id: '2' }));
    expect(await cache.recent('AAPL', 'trade')).toEqual([]);
    expect(await cache.latest('AAPL', ['trade'])).toMatchObject([{ id: '2' }]);
  });

  test('leaves out the channels that it was not told to keep', async () => {
    const cache = await filled(await open({ channels: ['trade'] }), trade(opening), quote(opening));
    expect(await cache.latest('AAPL', ['trade', 'quote'])).toHaveLength(1);
  });

  test('forgets after its time, and then takes what is older', async () => {
    const cache = await filled(await open({ latestFor: '300ms', recentFor: '300ms' }), trade(opening + 9n));
    expect(await cache.latest('AAPL', ['trade'])).toHaveLength(1);
    await vi.waitFor(async () => expect(await cache.latest('AAPL', ['trade'])).toEqual([]), 5000);
    await vi.waitFor(async () => expect(await cache.recent('AAPL', 'trade')).toEqual([]), 5000);
    expect(await cache.symbols(10)).toEqual([]);
    await filled(cache, trade(opening));
    expect(await cache.latest('AAPL', ['trade'])).toHaveLength(1);
  });

  test('tells those who listen what is new of what they want, in order', async () => {
    const cache = await open();
    const [one, all]: [unknown[], unknown[]] = [[], []];
    await using _one = await cache.listen(wantsOf([['trade', ['A*B']]]), (events) => one.push(...events));
    await using _all = await cache.listen(wantsOf([['quote', ['*']]]), (events) => all.push(...events));
    await filled(
      cache,
      trade(opening, { symbol: 'A*B', id: '1' }),
      trade(opening, { symbol: 'AXB' }),
      quote(opening, { symbol: 'AXB' }),
      trade(opening + 1n, { symbol: 'A*B', id: '2' }),
    );
    await vi.waitFor(() => expect([one.length, all.length]).toEqual([2, 1]));
    expect(one).toMatchObject([{ id: '1' }, { id: '2' }]);
    expect(all).toMatchObject([{ symbol: 'AXB', bidPrice: 231.45 }]);
  });

  test('is well, with nothing pending once it is flushed', async () => {
    const cache = await filled(await open(), trade(opening));
    expect(cache.health()).toEqual({ state: 'well', says: '', pending: 0 });
  });
});
