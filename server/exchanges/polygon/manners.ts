import type { Manners } from '../exchange.ts';
import type { PolygonOptions } from './options.ts';

/** How every cluster behaves around the protocol (sheet §2), as the scenario's switches say. */
export function mannersOf(options: PolygonOptions): Manners {
  const { connectionCap, malformed, serverPing, deflateFrom } = options;
  return {
    greets: true,
    loginDeadline: options.authDeadline,
    login: 'message',
    ends: {
      // Measured 2026-09-07: the client sees 1006. A plan without web sockets ends likewise, by inference.
      'bad-key': { after: 0n, code: 'none' },
      'no-key': { after: 0n, code: 'none' },
      'not-in-plan': { after: 0n, code: 'none' },
      'login-timeout': { after: 0n, code: 1008 },
      'too-many-sessions': { after: 0n, code: connectionCap.close === 'abort' ? 'none' : 1008 },
      dismissed: { after: 0n, code: 1008 },
      // In practice the close has no frame (polygon-io/issues#134).
      'slow-client': { after: 0n, code: 'none' },
      ...(malformed === 'ignored' ? {} : { 'bad-syntax': { after: 0n, code: Number(malformed) } }),
    },
    // A request that would cross the cap of option contracts is refused whole, contract by contract (sheet §3, rule 6).
    overLimit: 'every-wish',
    // Acknowledged, and silent (rule 4).
    unknownSymbols: 'silent',
    ping: serverPing === 'off' ? undefined : serverPing,
    closeFrames: true,
    ghost: options.slotRelease,
    // Measured 2026-08-09 where it is the newest: right after its subscription was acknowledged (sheet §2).
    evicts: connectionCap.mode === 'evict_oldest' ? 'oldest' : 'subscriber',
    deflateFrom: deflateFrom === 'off' ? undefined : deflateFrom,
  };
}
