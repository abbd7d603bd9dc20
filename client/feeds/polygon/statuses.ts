import { type Fields, type Notice, type Trouble, Unreadable, wantsOf } from '../feed.ts';
import type { Cluster } from './clusters.ts';
import { toSymbol } from './tickers.ts';

const granted = 'subscribed to: ';
const released = 'unsubscribed to: ';
/** Statuses that end the connection, or say that it cannot go on (sheet §2 and §3). */
const troubles: Readonly<Record<string, Trouble>> = {
  auth_failed: 'bad-key',
  auth_timeout: 'login-timeout',
  auth_required: 'bad-request',
  max_connections: 'too-many-connections',
  slow_consumer: 'slow-client',
  force_disconnect: 'sent-away',
};
/** A plan without the stream or the cluster says so with the status of a wrong key; the words differ by year (sheet §2). */
const planWords = /\bplan\b|upgrade|not authorized|not entitled/i;
const limitWords = /limit/i;

/** What a status message says (sheet §3). */
export function noticeOf(fields: Fields, cluster: Cluster): Notice {
  const status = fields.text('status');
  const message = fields.maybeText('message') ?? '';
  switch (status) {
    case 'connected':
      return { kind: 'greeted' };
    case 'auth_success':
      return { kind: 'logged-in' };
    case 'success':
      if (message.startsWith(granted)) return { kind: 'granted', wants: named(message.slice(granted.length), cluster) };
      if (message.startsWith(released))
        return { kind: 'released', wants: named(message.slice(released.length), cluster) };
      // The words of 2019, which some proxies still speak (sheet §2).
      if (message === 'authenticated') return { kind: 'logged-in' };
      throw new Unreadable(`nobody knows what is a success: ${message}`);
    case 'error':
      return refusal(message);
    default: {
      const why = troubles[status];
      if (why === undefined) throw new Unreadable(`status ${status} is unknown`);
      const isPlan = why === 'bad-key' && planWords.test(message);
      return { kind: 'trouble', why: isPlan ? 'not-entitled' : why, code: undefined, message };
    }
  }
}

/** Refusals of subscriptions name nothing (sheet §3). */
function refusal(message: string): Notice {
  if (message === 'authentication failed') return { kind: 'trouble', why: 'bad-key', code: undefined, message };
  if (planWords.test(message)) return { kind: 'denied', wants: undefined, why: 'not-entitled', message };
  if (limitWords.test(message)) return { kind: 'denied', wants: undefined, why: 'too-many-symbols', message };
  return { kind: 'trouble', why: 'bad-request', code: undefined, message };
}

/** What an acknowledgement echoes: `T.BRK.B` parts at its first dot (sheet §4). */
function named(param: string, { market, channels }: Cluster) {
  const dot = param.indexOf('.');
  const channel = channels.get(param.slice(0, dot));
  if (channel === undefined) throw new Unreadable(`${param} is no subscription of ${market}`);
  return wantsOf([[channel, [toSymbol(market, param.slice(dot + 1))]]]);
}
