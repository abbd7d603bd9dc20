import { SystemClock, type Clock } from '../market/clock.ts';
import type { Log, Papertape, Tls } from '../server/index.ts';
import type { Folders } from './desk.ts';
import { openApp } from './app.ts';
import { isLoopback } from './guard.ts';
import { type GivenLimits, limitsOf } from './limits.ts';

export type { Folders } from './desk.ts';
export { isLoopback } from './guard.ts';
export type { GivenLimits } from './limits.ts';

export interface AdminOptions {
  /** The exchange that it steers; it outlives the API. */
  readonly papertape: Papertape;
  /** Loopback unless told otherwise; anywhere else a token is needed. */
  readonly host?: string;
  /** A free one when absent, or 0. */
  readonly port?: number;
  /** Demanded of every request when given. */
  readonly token?: string | undefined;
  /** With a certificate the port speaks https and wss, and nothing else. */
  readonly tls?: Tls | undefined;
  readonly folders: Folders;
  readonly version: string;
  /** How much may be piled up. */
  readonly limits?: GivenLimits;
  readonly clock?: Clock;
  readonly log: Log;
}

/** A running admin API. Dispose of it to free the port. */
export interface Admin extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Where the page is; the API is below it. */
  readonly url: string;
}

/** The shortest token that others than this machine have to guess. */
const shortestToken = 16;

/**
 * Starts the admin API of an exchange. Throws a RangeError when it would be open to others without a token worth the name, a TlsError when the
 * certificate cannot serve, and Node's own error when the port is taken.
 */
export async function startAdmin(options: AdminOptions): Promise<Admin> {
  const { papertape, host = '127.0.0.1', port = 0, token, clock = new SystemClock() } = options;
  if (!isLoopback(host) && (token === undefined || token.length < shortestToken)) {
    throw new RangeError(
      `an admin API on ${host} needs a token of ${shortestToken} characters or more; set PAPERTAPE_ADMIN_TOKEN`,
    );
  }
  const { folders, version, log, tls, limits = {} } = options;
  const app = await openApp(
    { papertape, folders, version, limits: limitsOf(limits), clock, log, started: clock.now() },
    { token, host },
    tls,
  );
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
    url: `${tls === undefined ? 'http' : 'https'}://${named.includes(':') ? `[${named}]` : named}:${bound}`,
    [Symbol.asyncDispose]: async () => await app.close(),
  };
}
