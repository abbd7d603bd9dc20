import type { RestRequest } from '../../exchange.ts';

/**
 * A cursor is a query in base64 without padding (sheet §6): `limit=2&sort=asc` for aggregates, and for trades and quotes
 * `ap=19288166&as=&limit=10&order=desc&sort=timestamp&timestamp.lte=2022-05-10T14%3A11%3A12.690661189Z` (an official sample).
 */
export function cursorOf(query: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return Buffer.from(search.toString()).toString('base64url');
}

const shape = /^[A-Za-z0-9_-]+$/;
const inside = /^[\x20-\x7e]+=[\x20-\x7e]*$/;

/** The query in a cursor; `undefined` when it is none. */
export function cursorIn(cursor: string): URLSearchParams | undefined {
  const text = shape.test(cursor) ? Buffer.from(cursor, 'base64url').toString('latin1') : '';
  return inside.test(text) ? new URLSearchParams(text) : undefined;
}

/** Where the next page is: on the scheme and host that the client used, without its key (sheet §6). */
export function nextUrl({ origin }: Pick<RestRequest, 'origin'>, path: string, cursor: string): string {
  return `${origin}${path}?cursor=${cursor}`;
}
