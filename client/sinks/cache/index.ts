import type { Clock } from '../../../market/clock.ts';
import type { Cache, CacheHappening } from './cache.ts';
import type { CacheSettings } from './settings.ts';

export { type Cache, CacheAwayError, type CacheHappening } from './cache.ts';
export { type CacheSettings, cacheSettings } from './settings.ts';
export { toldEvent, type ToldEvent } from './told-event.ts';

/** The cache in the Redis at `url`, or in this process when there is none. */
export async function openCache(
  url: string | undefined,
  settings: CacheSettings,
  clock: Clock,
  log: (happening: CacheHappening) => void,
): Promise<Cache> {
  // Each on demand: a program without Redis starts without its client.
  if (url === undefined) return new (await import('./memory.ts')).MemoryCache(settings, clock, log);
  return new (await import('./redis.ts')).RedisCache(url, settings, clock, log);
}
