import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import type { z } from 'zod';
import { cacheSettings } from '../client/sinks/cache/index.ts';
import { RedisCache } from '../client/sinks/cache/redis.ts';
import { SystemClock } from '../market/clock.ts';
import type { Trade } from '../market/event.ts';
import { startRedis } from '../test/services/start.ts';
import { median } from './race.ts';
import type { Finding } from './report.ts';
import { tradesOf } from './tape.ts';

const trades = 500_000;
/** As many keys as the limit is measured with. */
const symbols = 500;
/** Events of a frame of a busy feed. */
const frame = 100;
/** Events that may wait before the pipeline is let go on: without, all of them would be thinned to the newest. */
const mostWaiting = 10_000;
/** Bytes of an event as the cache spells it. */
const bytes = 230;

/**
 * Row 17: events a second that the cache takes until the newest are in Redis, against the SETs that redis-benchmark brings there over one
 * connection. Fewer are written than taken: of each symbol the newest hundred of what waits.
 */
export async function measureClientCache(rounds: number, scale = 1): Promise<readonly Finding[]> {
  const running = await startRedis();
  try {
    const events = tradesOf(Math.round(trades * scale)).map((trade, index) => ({
      ...trade,
      symbol: `SYM${index % symbols}`,
    }));
    const lanes = {
      set: new Array<number>(),
      latest: new Array<number>(),
      all: new Array<number>(),
      flood: new Array<number>(),
    };
    for (let round = 0; round <= rounds; round++) {
      const measured = {
        set: await limit(running.url),
        latest: await write(running.url, events, { recent: 0, publish: false }, mostWaiting),
        all: await write(running.url, events, {}, mostWaiting),
        flood: await write(running.url, events, {}, Infinity),
      };
      process.stderr.write('.');
      // The first round compiles.
      if (round === 0) continue;
      lanes.set.push(measured.set);
      lanes.latest.push(measured.latest);
      lanes.all.push(measured.all);
      lanes.flood.push(measured.flood);
    }
    const against = (rates: readonly number[]): number =>
      median(rates.map((rate, round) => rate / (lanes.set[round] ?? NaN)));
    const thousands = (rates: readonly number[]): string => `${(median(rates) / 1000).toFixed(0)} k`;
    const finding = (what: string, rates: readonly number[]): Finding => ({
      row: 17,
      what: `cache writer, ${what} / redis-benchmark -c 1 -P 1000 SET`,
      sense: '≥',
      goal: 0.45,
      floor: 0.25,
      reached: against(rates),
      note: `${thousands(rates)} events/s against ${thousands(lanes.set)} SET/s of ${bytes} bytes, ${symbols} symbols`,
    });
    const told = { goal: undefined, floor: undefined };
    return [
      finding('as shipped, the newest 100 of a symbol in a turn', lanes.flood),
      finding('latest alone', lanes.latest),
      { ...finding('as shipped, every event listed and published', lanes.all), ...told },
    ];
  } finally {
    await running.stop();
  }
}

/** What the machine's Redis takes through one connection at most. */
async function limit(address: string): Promise<number> {
  const where = URL.canParse(address) ? ['-u', address] : ['-s', address];
  const { stdout } = await promisify(execFile)('redis-benchmark', [
    ...where,
    ...['-c', '1', '-P', '1000', '-n', '1000000', '-r', String(symbols), '-d', String(bytes), '-t', 'set', '--csv'],
  ]);
  const [, rate] = /"SET","([\d.]+)"/.exec(stdout) ?? [];
  return Number(rate);
}

async function write(
  address: string,
  events: readonly Trade[],
  settings: z.input<typeof cacheSettings>,
  most: number,
): Promise<number> {
  const redis = new Redis(address);
  await redis.flushall();
  const cache = new RedisCache(address, cacheSettings.parse(settings), new SystemClock(), () => undefined);
  await cache.flush();
  const from = process.hrtime.bigint();
  for (let place = 0; place < events.length; place += frame) {
    cache.take({
      events: events.slice(place, place + frame),
      dataSource: 'bench',
      origin: 'stream',
      heardAt: 0n,
    });
    while (cache.health().pending > most) await new Promise(setImmediate);
  }
  await cache.flush();
  const seconds = Number(process.hrtime.bigint() - from) / 1e9;
  const last = events.at(-1);
  const held = last && (await redis.get(`papertape:latest:trade:${last.symbol}`));
  if (held?.includes(`"id":"${last?.id}"`) !== true) throw new Error('the newest event is not there');
  await cache[Symbol.asyncDispose]();
  redis.disconnect();
  return events.length / seconds;
}
