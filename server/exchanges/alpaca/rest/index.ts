import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Nanos } from '../../../../market/event.ts';
import type { Quota, Rest, RestAnswer, RestRefusal } from '../../exchange.ts';
import { headerCredentials } from '../credentials.ts';
import type { alpacaOptions } from '../options.ts';
import { refused } from './answers.ts';
import type { Feed } from './feeds.ts';
import { historyRoutes } from './history-routes.ts';
import { latestRoutes } from './latest-routes.ts';
import { metaRoutes } from './meta.ts';
import { newsRoute } from './news.ts';
import { optionSnapshotRoutes } from './option-snapshots.ts';
import { snapshotRoutes } from './snapshot-routes.ts';
import { tradingRoutes } from './trading.ts';

type Options = Pick<z.output<typeof alpacaOptions>, 'restAuthError' | 'delayedLag'>;

/** Alpaca's HTTP side: market data, and of the trading API what does not need orders (sheet §6, §7). */
export function alpacaRest({ restAuthError, delayedLag }: Options): Rest {
  const lagOf = (feed: Feed): Nanos => (feed === 'delayed_sip' ? delayedLag : 0n);
  let answered = 0;
  // Real ids are 32 hexadecimal digits; these are the same in every run, in the order of the requests.
  const identity = (): Record<string, string> => ({
    'x-request-id': createHash('md5').update(String(++answered)).digest('hex'),
  });
  return {
    routes: [
      ...historyRoutes('stocks'),
      ...historyRoutes('crypto'),
      ...historyRoutes('options'),
      ...latestRoutes(lagOf),
      ...snapshotRoutes(lagOf),
      ...optionSnapshotRoutes(lagOf),
      ...metaRoutes(),
      newsRoute(),
      ...tradingRoutes(),
    ],
    paging: { parameter: 'page_token', field: 'next_page_token', atEnd: 'null' },
    credentials: (headers) => headerCredentials(headers) ?? bearer(headers.authorization),
    refusal(why) {
      const answer = refusals[why](restAuthError);
      return { ...answer, headers: { ...identity(), ...answer.headers } };
    },
    headers: (quota) => ({ ...(quota && rateLimit(quota)), ...identity() }),
  };
}

/** An OAuth token becomes the key that the streams name `oauth`. */
function bearer(authorization: string | undefined): { readonly key: string; readonly secret: string } | undefined {
  const token = /^bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  return token === undefined ? undefined : { key: 'oauth', secret: token };
}

/** Documented for 200, 400 and 429; the last in Unix seconds (sheet §7). */
function rateLimit({ limit, remaining, reset }: Quota): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(reset / 1_000_000_000n),
  };
}

/** What a wrong key is answered with: the page of the web server in front of the data host (measured 2026-09). */
const unauthorizedPage =
  '<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body>\r\n' +
  '<center><h1>401 Authorization Required</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';

function unauthorized(status: Options['restAuthError']): RestAnswer {
  if (status === 403) return refused(403, 'forbidden.');
  return { status, headers: { 'content-type': 'text/html' }, body: unauthorizedPage };
}

const refusals: Readonly<Record<RestRefusal, (status: Options['restAuthError']) => RestAnswer>> = {
  'no-key': unauthorized,
  'bad-key': unauthorized,
  'not-in-plan': () => refused(403, 'forbidden.'),
  'over-quota': () => refused(429, 'too many requests.'),
  internal: () => refused(500, 'internal server error'),
};
