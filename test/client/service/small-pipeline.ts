import { startService, type Service, serviceSettings, type Watched } from '../../../client/service/index.ts';
import { Broadcast, broadcastSettings } from '../../../client/sinks/broadcast/index.ts';
import { cacheSettings, openCache } from '../../../client/sinks/cache/index.ts';
import { wantsOf } from '../../../client/wants.ts';
import { newYorkStockExchange } from '../../../market/calendars.ts';
import { ManualClock } from '../../../market/clock.ts';
import type { MarketEvent } from '../../../market/event.ts';
import { opening } from '../../helpers/events.ts';
import type { SinkHealth } from '../../../client/sinks/sink.ts';

export interface Served extends AsyncDisposable {
  readonly service: Service;
  readonly watched: Watched;
  readonly clock: ManualClock;
  /** Failures that nobody expected. */
  readonly failures: Error[];
  /** How the connection fares; as the test says. */
  connection: SinkHealth['state'];
  tell(...events: MarketEvent[]): Promise<void>;
  get(path: string, init?: RequestInit): Promise<Response>;
}

/** The shortest pipeline there is, cache and broadcast, with its service on a free port. `redis`: where the cache is, when not in memory. */
export async function serve(settings: object = {}, redis?: string, broadcasts: object = {}): Promise<Served> {
  const clock = new ManualClock(opening);
  const cache = await openCache(redis, cacheSettings.parse({}), clock, () => undefined);
  const broadcast = new Broadcast(broadcastSettings.parse(broadcasts), clock, () => undefined);
  const sinks = [cache, broadcast];
  let heard = 0;
  const failures: Error[] = [];
  const watched: Watched = {
    health: () => [
      { kind: 'connection', name: 'alpaca iex', says: '', pending: 0, state: served.connection },
      ...sinks.map((sink) => ({ kind: 'sink' as const, name: sink.name, ...sink.health() })),
    ],
    connections: () => [
      {
        ...{ name: 'alpaca iex', vendor: 'alpaca', phase: 'live', key: 'first', reconnects: 2 },
        connectedAt: opening,
        heardAt: undefined,
        held: wantsOf([['trade', ['AAPL']]]),
        denied: [{ wants: wantsOf([['trade', ['MSFT']]]), message: 'symbol limit exceeded' }],
      },
    ],
    keys: () => [{ label: 'first', vendor: 'alpaca', state: 'in use', uses: 3, usedAt: opening }],
    gaps: () => [{ symbol: 'AAPL', channel: 'trade', from: opening, to: undefined, state: 'open' }],
    counts: () => ({ heard, rejected: 0, repaired: 0, backfilled: 0, unreadable: 0 }),
    cache,
    broadcast,
    calendars: new Map([['stocks', newYorkStockExchange()]]),
  };
  const service = await startService({
    watched,
    settings: serviceSettings.parse({ port: 0, ...settings }),
    version: 'test',
    clock,
    log: (error) => failures.push(error),
  });
  const served: Served = {
    ...{ service, watched, clock, failures, connection: 'well' },
    tell: async (...events) => {
      heard += events.length;
      for (const sink of sinks) {
        void sink.take({ events, dataSource: 'alpaca', origin: 'stream', heardAt: clock.now() });
        await sink.flush();
      }
    },
    get: async (path, init) => await fetch(`${service.url}${path}`, init),
    [Symbol.asyncDispose]: async () => {
      await service[Symbol.asyncDispose]();
      for (const sink of sinks) await sink[Symbol.asyncDispose]();
    },
  };
  return served;
}
