import { z } from 'zod';
import type { Feed, Listener, Trouble, Wants } from '../../../client/feeds/feed.ts';
import { wantsOf } from '../../../client/feeds/feed.ts';
import { parseInstant } from '../../../market/instant.ts';
import { TimeZone } from '../../../market/time-zone.ts';
import { trade } from '../../helpers/events.ts';

const utc = new TimeZone('UTC');
const object = z.record(z.string(), z.unknown());
const strings = z.array(z.string()).default([]);
/** Alpaca's codes (sheet §3) that tests of a connection meet. */
const troubles: Readonly<Record<number, Trouble>> = {
  400: 'bad-request',
  402: 'bad-key',
  404: 'login-timeout',
  405: 'too-many-symbols',
  406: 'too-many-connections',
  407: 'slow-client',
  409: 'not-entitled',
};

export const tradesOf = (...symbols: string[]): Wants => wantsOf([['trade', symbols]]);

/** The trades of Alpaca's stream as JSON, to test connections by; the address is a test's own. */
export function smallFeed(url: string, given: Partial<Feed> = {}): Feed {
  const say = (action: string, wants: Wants): string[] => [
    JSON.stringify({ action, trades: [...(wants.get('trade') ?? [])] }),
  ];
  return {
    vendor: 'alpaca',
    name: 'alpaca test',
    market: 'stocks',
    channels: ['trade'],
    address: () => ({ url, headers: {} }),
    greets: true,
    login: ({ id, secret }) => JSON.stringify({ action: 'auth', key: id, secret }),
    subscribe: (wants) => say('subscribe', wants),
    unsubscribe: (wants) => say('unsubscribe', wants),
    acknowledges: true,
    heartbeat: undefined,
    hear: (frame, listener) => {
      const text = frame.toString();
      try {
        for (const one of z.array(object).parse(JSON.parse(text))) read(one, listener);
      } catch (error) {
        listener.notice({ kind: 'unreadable', why: String(error), excerpt: text.slice(0, 200) });
      }
    },
    refusal: (status, body) => ({ why: whyOf(status), message: body }),
    ...given,
  };
}

function whyOf(status: number): Trouble {
  if (status === 401 || status === 403) return 'bad-key';
  if (status === 404) return 'not-found';
  return status === 429 ? 'too-many-requests' : 'vendor-error';
}

function read(message: Record<string, unknown>, listener: Listener): void {
  const { T, msg, S, t, i, p } = message;
  if (msg === 'connected') listener.notice({ kind: 'greeted' });
  else if (msg === 'authenticated') listener.notice({ kind: 'logged-in' });
  else if (T === 'subscription') {
    listener.notice({ kind: 'holds', wants: tradesOf(...strings.parse(message['trades'])) });
  } else if (T === 'error') {
    const code = z.number().parse(message['code']);
    listener.notice({ kind: 'trouble', why: troubles[code] ?? 'vendor-error', code, message: String(msg) });
  } else if (T === 't' && typeof p === 'number') {
    listener.event(trade(parseInstant(String(t), utc, 'first') ?? 0n, { symbol: String(S), id: String(i), price: p }));
  } else listener.notice({ kind: 'unreadable', why: 'not known', excerpt: JSON.stringify(message).slice(0, 200) });
}
