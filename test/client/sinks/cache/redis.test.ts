import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { expect, test, vi } from 'vitest';
import { type CacheHappening, cacheSettings } from '../../../../client/sinks/cache/index.ts';
import { RedisCache } from '../../../../client/sinks/cache/redis.ts';
import { wantsOf } from '../../../../client/wants.ts';
import { SystemClock } from '../../../../market/clock.ts';
import type { MarketEvent } from '../../../../market/event.ts';
import { opening, quote, trade } from '../../../helpers/events.ts';
import { testRedis } from '../../../services/index.ts';

const batchOf = (...events: MarketEvent[]) =>
  ({ events, dataSource: 'alpaca', origin: 'stream', heardAt: opening }) as const;
const settingsOf = (prefix: string, given = {}) => cacheSettings.parse({ prefix, recent: 3, ...given });
const newPrefix = (): string => `test:${randomUUID()}:`;

interface Passage extends AsyncDisposable {
  readonly url: string;
  /** Ends every connection, and lets nobody in. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** A way to the run's Redis that can be cut. */
async function passage(credentials = ''): Promise<Passage> {
  const redis = await testRedis();
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = URL.canParse(redis)
      ? connect(Number(new URL(redis).port || 6379), new URL(redis).hostname)
      : connect(redis);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy()).on('close', () => sockets.delete(one));
    }
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const cut = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: `redis://${credentials}127.0.0.1:${port}`,
    cut,
    mend: async () => await listen(port),
    [Symbol.asyncDispose]: async () => (server.listening ? await cut() : undefined),
  };
}

test('other programs find the latest, the recent and the symbols where the documents say', async () => {
  const prefix = newPrefix();
  await using cache = new RedisCache(await testRedis(), settingsOf(prefix), new SystemClock(), () => undefined);
  using other = disposable(new Redis(await testRedis()));
  const messages: string[] = [];
  using ear = disposable(new Redis(await testRedis()));
  ear.redis.on('message', (channel, text) => messages.push(`${channel} ${text}`));
  await ear.redis.subscribe(`${prefix}updates:trade:AAPL`);
  const first = opening + 1_500n;
  cache.take(batchOf(trade(first, { id: '1' }), quote(opening), trade(first + 1n, { id: '2' })));
  await cache.flush();

  const latest = (await other.redis.get(`${prefix}latest:trade:AAPL`)) ?? '';
  expect(JSON.parse(latest)).toMatchObject({ at: '2026-07-01T14:30:00.000001501Z', id: '2', dataSource: 'alpaca' });
  expect(await other.redis.pttl(`${prefix}latest:trade:AAPL`)).toBeGreaterThan(86_000_000);
  const recent = await other.redis.zrange(`${prefix}recent:trade:AAPL`, 0, '-1', 'WITHSCORES');
  expect(recent.filter((__, index) => index % 2 === 1).map(Number)).toEqual([
    Number(first / 1000n),
    Number(first / 1000n),
  ]);
  expect(recent[2]).toBe(latest);
  expect(await other.redis.pttl(`${prefix}recent:trade:AAPL`)).toBeGreaterThan(3_500_000);
  expect(await other.redis.zrange(`${prefix}symbols`, 0, '-1')).toEqual(['AAPL']);
  await vi.waitFor(() => expect(messages).toHaveLength(1));
  expect(messages[0]).toBe(`${prefix}updates:trade:AAPL [${recent[0]},\n${latest}]`);
});

test('of several writers none undoes what another wrote later in market time', async () => {
  const prefix = newPrefix();
  const address = await testRedis();
  const clock = new SystemClock();
  const writers = Array.from({ length: 4 }, () => new RedisCache(address, settingsOf(prefix), clock, () => undefined));
  const ids = Array.from({ length: 400 }, (__, index) => index);
  // Each writer has every fourth event, newest first, so that all of them are late all the time.
  for (const id of ids.toReversed()) {
    writers[id % 4]?.take(batchOf(trade(opening + BigInt(id), { id: String(id) })));
    if (id % 20 === 0) await clock.turn();
  }
  await Promise.all(writers.map(async (writer) => await writer.flush()));
  expect(await writers[0]?.latest('AAPL', ['trade'])).toMatchObject([{ id: '399' }]);
  expect(await writers[1]?.recent('AAPL', 'trade')).toMatchObject([{ id: '397' }, { id: '398' }, { id: '399' }]);
  await Promise.all(writers.map(async (writer) => await writer[Symbol.asyncDispose]()));
});

test('while Redis is away it takes everything, keeps the newest of each key, says so, and writes them on its return', async () => {
  const happenings: CacheHappening[] = [];
  await using way = await passage();
  const cache = new RedisCache(way.url, settingsOf(newPrefix()), new SystemClock(), (one) => happenings.push(one));
  cache.take(batchOf(trade(opening, { id: 'before' })));
  await cache.flush();
  await way.cut();
  await vi.waitFor(() => expect(cache.health().state).toBe('ailing'));
  const trades = Array.from({ length: 50 }, (__, index) => trade(opening + BigInt(index), { id: String(index) }));
  expect(cache.take(batchOf(...trades, quote(opening)))).toBeUndefined();
  await vi.waitFor(() => expect(cache.health().pending).toBeLessThanOrEqual(6));
  expect(cache.health().says).toMatch(/^redis:\/\/127\.0\.0\.1:\d+ does not answer: .*; \d events wait, the newest 3/);
  // Resolves although nothing can be written, so that nobody waits for a Redis that may never come.
  await cache.flush();
  await expect(cache.latest('AAPL', ['trade'])).rejects.toThrow('does not answer');

  await way.mend();
  await vi.waitFor(() => expect(cache.health()).toMatchObject({ state: 'well', pending: 0 }), 20_000);
  expect(await cache.latest('AAPL', ['trade', 'quote'])).toMatchObject([{ id: '49' }, { kind: 'quote' }]);
  expect((await cache.recent('AAPL', 'trade')).map((event) => 'id' in event && event.id)).toEqual(['47', '48', '49']);
  expect(happenings.map(({ kind }) => kind)).toEqual(['cache-away', 'cache-back']);
  await cache[Symbol.asyncDispose]();
});

test('a Redis that is away from the beginning is told once, and again when it is there', async () => {
  const happenings: CacheHappening[] = [];
  await using way = await passage();
  await way.cut();
  const cache = new RedisCache(way.url, settingsOf(newPrefix()), new SystemClock(), (one) => happenings.push(one));
  cache.take(batchOf(trade(opening)));
  await vi.waitFor(() =>
    expect(happenings).toEqual([{ kind: 'cache-away', why: expect.stringContaining('ECONNREFUSED') }]),
  );
  await way.mend();
  await vi.waitFor(() => expect(cache.health()).toMatchObject({ state: 'well', pending: 0 }), 20_000);
  expect(happenings.map(({ kind }) => kind)).toEqual(['cache-away', 'cache-back']);
  await cache[Symbol.asyncDispose]();
});

test('those who listen hear again when Redis has come back', async () => {
  await using way = await passage();
  const heard: unknown[] = [];
  const prefix = newPrefix();
  await using cache = new RedisCache(way.url, settingsOf(prefix), new SystemClock(), () => undefined);
  await using _ear = await cache.listen(wantsOf([['trade', ['*']]]), (events) => heard.push(...events));
  await way.cut();
  await vi.waitFor(() => expect(cache.health().state).toBe('ailing'));
  await way.mend();
  let id = 0;
  await vi.waitFor(() => {
    cache.take(batchOf(trade(opening + BigInt(++id), { id: String(id) })));
    expect(heard).not.toEqual([]);
  }, 20_000);
});

test('a Redis that refuses to write is asked again, and loses nothing meanwhile', async () => {
  const happenings: CacheHappening[] = [];
  const prefix = newPrefix();
  using other = disposable(new Redis(await testRedis()));
  // What is no sorted set cannot be added to.
  await other.redis.set(`${prefix}recent:trade:AAPL`, 'mine', 'EX', 60);
  await using cache = new RedisCache(await testRedis(), settingsOf(prefix), new SystemClock(), (one) =>
    happenings.push(one),
  );
  cache.take(batchOf(trade(opening)));
  await vi.waitFor(() => expect(cache.health().says).toContain('WRONGTYPE'));
  expect(cache.health()).toMatchObject({ state: 'ailing', pending: 1 });
  await other.redis.del(`${prefix}recent:trade:AAPL`);
  await vi.waitFor(() => expect(cache.health()).toMatchObject({ state: 'well', pending: 0 }), 10_000);
  expect(await cache.recent('AAPL', 'trade')).toHaveLength(1);
});

test('what others wrote there is told and left out', async () => {
  const happenings: CacheHappening[] = [];
  const prefix = newPrefix();
  using other = disposable(new Redis(await testRedis()));
  await using cache = new RedisCache(await testRedis(), settingsOf(prefix), new SystemClock(), (one) =>
    happenings.push(one),
  );
  cache.take(batchOf(quote(opening)));
  await cache.flush();
  await other.redis.set(`${prefix}latest:trade:AAPL`, 'rubbish', 'EX', 60);
  expect(await cache.latest('AAPL', ['trade', 'quote'])).toMatchObject([{ kind: 'quote' }]);
  expect(happenings).toContainEqual(
    expect.objectContaining({ kind: 'cache-unreadable', key: `${prefix}latest:trade:AAPL` }),
  );
});

test('a password is in no message', async () => {
  const happenings: CacheHappening[] = [];
  await using way = await passage('someone:s%3Acret@');
  const cache = new RedisCache(way.url, settingsOf(newPrefix()), new SystemClock(), (one) => happenings.push(one));
  await vi.waitFor(() => expect(cache.health().says).toContain('WRONGPASS'));
  await way.cut();
  const error = await cache.latest('AAPL', ['trade']).catch(String);
  const told = JSON.stringify([happenings, cache.health(), error]);
  expect(told).not.toMatch(/s%3Acret|s:cret|someone/);
  await cache[Symbol.asyncDispose]();
});

function disposable(redis: Redis): Disposable & { readonly redis: Redis } {
  return { redis, [Symbol.dispose]: () => redis.disconnect() };
}
