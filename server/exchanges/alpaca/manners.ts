import type { z } from 'zod';
import type { Manners } from '../exchange.ts';
import type { alpacaOptions } from './options.ts';

/** How the data streams behave around the protocol, as the scenario's switches say. */
export function mannersOf(options: z.output<typeof alpacaOptions>): Manners {
  const { afterAuthError, serverPing, deflateFrom } = options;
  return {
    greets: true,
    loginDeadline: options.authDeadline,
    dropAfter: {
      'login-timeout': 0n,
      'slow-client': 0n,
      ...(afterAuthError['402'] === 'never' ? {} : { 'bad-key': afterAuthError['402'] }),
      ...(afterAuthError['406'] === 'never' ? {} : { 'too-many-sessions': afterAuthError['406'] }),
      ...(afterAuthError['409'] === 'never' ? {} : { 'not-in-plan': afterAuthError['409'] }),
    },
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
    dropAfter: { 'bad-key': 0n, 'login-timeout': 0n, 'slow-client': 0n, internal: 0n },
    evicts: 'nobody',
  };
}
