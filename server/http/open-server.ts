import { createServer, type Server } from 'node:http';
import type { Clock } from '../../market/clock.ts';
import type { Log } from '../log.ts';
import type { Tls } from './tls-error.ts';

/**
 * A server for http and ws, or with a certificate for https and wss and nothing else. TLS is loaded only for who asks for it. Throws a
 * `TlsError` for a certificate that cannot serve.
 */
export async function openServer(tls: Tls | undefined, clock: Clock, log: Log): Promise<Server> {
  if (tls === undefined) return createServer();
  const { secureServer } = await import('./tls.ts');
  return secureServer(tls, clock.now(), log);
}
