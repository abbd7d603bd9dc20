import type { z } from 'zod';
import type { Manners } from '../exchange.ts';
import type { alpacaOptions } from './options.ts';

/** How the data streams behave around the protocol, as the scenario's switches say. */
export function mannersOf(options: z.output<typeof alpacaOptions>): Manners {
  const { afterAuthError, serverPing, deflateFrom } = options;
  return {
    greets: true,
    loginDeadline: options.authDeadline,
    login: 'message',
    ends: {
      'login-timeout': { after: 0n },
      'slow-client': { after: 0n },
      ...(afterAuthError['402'] === 'never' ? {} : { 'bad-key': { after: afterAuthError['402'] } }),
      ...(afterAuthError['406'] === 'never' ? {} : { 'too-many-sessions': { after: afterAuthError['406'] } }),
      ...(afterAuthError['409'] === 'never' ? {} : { 'not-in-plan': { after: afterAuthError['409'] } }),
    },
    // A request that goes too far changes nothing (sheet §3, error 405); a symbol need not exist (sheet §4).
    overLimit: 'request',
    unknownSymbols: 'silent',
    ping: serverPing === 'off' ? undefined : serverPing,
    closeFrames: options.closeFrames === 'clean',
    ghost: options.slotRelease,
    // The incumbent is untouched (measured LIVE §8.1).
    evicts: 'newest',
    deflateFrom: deflateFrom === 'off' ? undefined : deflateFrom,
  };
}

/**
 * How `/stream` differs: no greeting, and a client that is not authorized is sent away (alpaca-java's comment; sheet §6). No limit of
 * connections is documented. The login deadline is that of the data streams, by inference.
 */
export function tradingManners(manners: Manners): Manners {
  return {
    ...manners,
    greets: false,
    ends: {
      'bad-key': { after: 0n },
      'login-timeout': { after: 0n },
      'slow-client': { after: 0n },
      internal: { after: 0n },
    },
    evicts: 'nobody',
  };
}
