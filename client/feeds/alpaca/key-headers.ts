import type { Key } from '../feed.ts';

/** Headers that show a key, of REST as of an upgrade [D DNEWS, OMD]; a token of OAuth, whose id is `oauth`, as a bearer's. */
export function keyHeaders({ id, secret }: Key): Readonly<Record<string, string>> {
  if (id === 'oauth') return { Authorization: `Bearer ${secret}` };
  return { 'APCA-API-KEY-ID': id, 'APCA-API-SECRET-KEY': secret };
}
