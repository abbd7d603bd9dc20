import { isIPv6 } from 'node:net';
import { type Clock, SystemClock } from '../../market/clock.ts';
import { openApp } from './app.ts';
import type { ServiceSettings } from './settings.ts';
import type { Watched } from './watched.ts';

export { type ServiceSettings, serviceSettings } from './settings.ts';
export type { Counts, Part, Watched, WatchedConnection, WatchedGap, WatchedKey } from './watched.ts';

export interface ServiceOptions {
  /** The pipeline; it outlives the service. */
  readonly watched: Watched;
  readonly settings: ServiceSettings;
  readonly version: string;
  readonly clock?: Clock;
  /** Hears of failures that nobody expected. */
  readonly log: (error: Error) => void;
}

/** A running service. Dispose of it to free the port. */
export interface Service extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

/** Starts the HTTP service of a pipeline. Throws Node's own error when the port is taken. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { watched, settings, version, clock = new SystemClock(), log } = options;
  const { host, port, messagesPerMinute } = settings;
  const app = await openApp({ watched, clock, version, started: clock.now(), messagesPerMinute }, settings, log);
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw error;
  }
  const address = app.server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  const named = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  return {
    host,
    port: bound,
    url: `http://${isIPv6(named) ? `[${named}]` : named}:${bound}`,
    [Symbol.asyncDispose]: async () => await app.close(),
  };
}
