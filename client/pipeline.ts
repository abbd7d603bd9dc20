import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Clock, SystemClock } from '../market/clock.ts';
import type { Calendar } from '../market/calendar.ts';
import type { Market } from '../market/event.ts';
import type { Batch } from './batch.ts';
import { Collector, type CollectorHappening } from './collector.ts';
import { Fork } from './fork.ts';
import { KeptGaps } from './gaps/index.ts';
import { heedless } from './heedless.ts';
import { usualHours } from './market-hours.ts';
import { resume } from './resuming.ts';
import { startService, type Service } from './service/index.ts';
import { Owned } from './owned.ts';
import {
  type CollectorSettings,
  nameOf,
  type PipelineInput,
  type PipelineSettings,
  pipelineSettings,
} from './settings.ts';
import { Broadcast, type BroadcastHappening } from './sinks/broadcast/index.ts';
import { type Cache, type CacheHappening, openCache } from './sinks/cache/index.ts';
import { Sheltered } from './sheltered.ts';
import type { Sink } from './sinks/sink.ts';
import { type EmbeddedDatabase, openStore, type Store, type StoreHappening } from './sinks/store/index.ts';
import { watchedOf } from './watching.ts';

/** What befalls a pipeline, by the part that it befalls. Neither keys nor passwords. */
export type PipelineHappening =
  | { readonly part: 'feed'; readonly name: string; readonly happening: CollectorHappening }
  | { readonly part: 'store'; readonly happening: StoreHappening }
  | { readonly part: 'cache'; readonly happening: CacheHappening }
  | { readonly part: 'broadcast'; readonly happening: BroadcastHappening }
  | { readonly part: 'service'; readonly happening: Error }
  /** What a sink of your own threw; the batch is lost to it alone. */
  | { readonly part: 'sink'; readonly name: string; readonly happening: Error };

/** What a pipeline gets beside its settings; all of it has a default. */
export interface PipelineSurroundings {
  readonly clock?: Clock;
  /** Chance, in [0, 1). */
  readonly draw?: () => number;
  readonly listen?: (happening: PipelineHappening) => void;
  /** Sinks of your own, beside the store, the cache and the broadcast; they end with the pipeline. */
  readonly sinks?: readonly Sink[];
  /** A PGlite to store into instead of `store.database`; it stays open. */
  readonly embedded?: EmbeddedDatabase;
  /** Ends the wait for a silent database at the start; dispose of the pipeline all the same. */
  readonly signal?: AbortSignal;
  /** Of the program, for the service. */
  readonly version?: string;
}

/** A pipeline that runs: feeds, and where their events end. Dispose of it to end it in good order, with everything stored that was heard. */
export interface Pipeline extends AsyncDisposable {
  readonly collectors: readonly Collector[];
  /** `undefined` where settings leave it out. */
  readonly store: Store | undefined;
  readonly cache: Cache;
  readonly broadcast: Broadcast;
  /** Where health and live prices are served; `undefined` where settings leave it out. */
  readonly service: Service | undefined;
  /** Resolves when all that was heard so far is where it ends. */
  flush(): Promise<void>;
}

/**
 * Starts a pipeline: connects to the feeds and stores, caches, and hands on what they say, until it is disposed of. Throws a ZodError that names
 * what is wrong with the settings, a `StoreError` about the spool folder, or Node's own error when the service's port is taken; what was begun
 * is ended then.
 */
export async function startPipeline(input: PipelineInput, surroundings: PipelineSurroundings = {}): Promise<Pipeline> {
  return await openPipeline(pipelineSettings.parse(input), surroundings);
}

/** As `startPipeline`, of settings that are checked already. */
export async function openPipeline(
  settings: PipelineSettings,
  surroundings: PipelineSurroundings = {},
): Promise<Pipeline> {
  const owned = new Owned();
  try {
    return await open(settings, surroundings, owned);
  } catch (error) {
    await owned[Symbol.asyncDispose]();
    throw error;
  }
}

async function open(settings: PipelineSettings, surroundings: PipelineSurroundings, owned: Owned): Promise<Pipeline> {
  const { clock = new SystemClock(), draw = chance, signal, version = '0' } = surroundings;
  const listen = heedless(surroundings.listen);
  const store = await openedStore(settings, clock, listen, surroundings.embedded);
  if (store !== undefined) owned.own(store);
  const { url, ...cacheSettings } = settings.cache;
  const cache = owned.own(
    await openCache(url, cacheSettings, clock, (happening) => listen({ part: 'cache', happening })),
  );
  const broadcast = owned.own(
    new Broadcast(settings.broadcast, clock, (happening) => listen({ part: 'broadcast', happening })),
  );
  const sinks = (surroundings.sinks ?? []).map((sink) => {
    const { name } = sink;
    return owned.own(new Sheltered(sink, (error) => listen({ part: 'sink', name, happening: error })));
  });
  const all = [...(store === undefined ? [] : [store]), cache, broadcast, ...sinks];
  const fork = new Fork(all);
  let askings = 0;
  const nextAsking = (): number => ++askings;
  const take = (batch: Batch): Promise<void> | undefined => fork.take(batch);
  const flush = async (): Promise<void> => void (await Promise.all(all.map(async (sink) => await sink.flush())));
  const collectors: Collector[] = [];
  for (const feed of settings.feeds) {
    const name = nameOf(feed);
    const hear = (happening: CollectorHappening): void => listen({ part: 'feed', name, happening });
    const kept = await keptGaps(feed, settings.store, hear);
    const parts = { settings: feed, clock, draw, nextAsking, take, flush, listen: hear };
    collectors.push(owned.own(new Collector({ ...parts, ...(kept !== undefined && { kept }) })));
  }
  const calendars = calendarsOf(collectors);
  const service =
    settings.service === false
      ? undefined
      : owned.own(
          await startService({
            watched: watchedOf({ collectors, sinks: all, cache, broadcast, calendars }),
            settings: settings.service,
            version,
            clock,
            log: (error) => listen({ part: 'service', happening: error }),
          }),
        );
  if (store !== undefined) {
    const resuming = collectors.filter((_, index) => settings.feeds[index]?.resume === true);
    await resume(resuming, store, (name, happening) => listen({ part: 'feed', name, happening }), signal);
  }
  if (signal?.aborted !== true) for (const collector of collectors) collector.start();
  return {
    ...{ collectors, store, cache, broadcast, service },
    flush,
    [Symbol.asyncDispose]: async () => await owned[Symbol.asyncDispose](),
  };
}

async function openedStore(
  { store: settings }: PipelineSettings,
  clock: Clock,
  listen: (happening: PipelineHappening) => void,
  embedded: EmbeddedDatabase | undefined,
): Promise<Store | undefined> {
  if (settings === false) return undefined;
  const hear = (happening: StoreHappening): void => listen({ part: 'store', happening });
  return await openStore(settings, { clock, listen: hear, ...(embedded !== undefined && { embedded }) });
}

/** Where a feed keeps what it misses: in the file it names, or beside the spool, which belongs to this process alone. */
async function keptGaps(
  feed: CollectorSettings,
  store: PipelineSettings['store'],
  hear: (happening: CollectorHappening) => void,
): Promise<KeptGaps | undefined> {
  const folder = store === false || store.spool === 'none' ? undefined : store.spool.folder;
  const file = feed.gaps.file ?? (folder === undefined ? 'none' : join(folder, `gaps-${nameOf(feed)}.json`));
  if (file === 'none' || !feed.resume) return undefined;
  return await KeptGaps.open(file, feed.dataSource ?? feed.feed.vendor, hear);
}

const chance = (): number => randomBytes(4).readUInt32LE() / 2 ** 32;

function calendarsOf(collectors: readonly Collector[]): ReadonlyMap<Market, Calendar> {
  const hours = usualHours();
  const calendars = new Map<Market, Calendar>();
  for (const { feed } of collectors) {
    const calendar = hours(feed.market);
    if (calendar !== undefined) calendars.set(feed.market, calendar);
  }
  return calendars;
}
