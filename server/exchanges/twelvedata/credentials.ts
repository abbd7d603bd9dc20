import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from '../exchange.ts';

/**
 * The key of an upgrade or a request: `?apikey=` or `Authorization: apikey KEY` (documented), or `X-TD-APIKEY`, which no source shows and
 * clients send all the same (sheet §1). Names of parameters may be written in any case (documented).
 */
export function keyOf(headers: IncomingHttpHeaders, query: URLSearchParams): Credentials | undefined {
  const header = headers['x-td-apikey'];
  const key =
    [...query].find(([name]) => name.toLowerCase() === 'apikey')?.[1] ??
    /^apikey\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1] ??
    (typeof header === 'string' ? header : '');
  return key === '' ? undefined : { key, secret: '' };
}
