import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from '../exchange.ts';

/**
 * Credentials in the headers of the upgrade: `APCA-API-KEY-ID` with `APCA-API-SECRET-KEY` for traders, `Authorization: Basic` for
 * brokers (sheet §2.1). A pair without a colon (RFC 7617 §2) is an attempt all the same, so it becomes a key that is good nowhere:
 * the empty one.
 */
export function headerCredentials(headers: IncomingHttpHeaders): Credentials | undefined {
  const key = headers['apca-api-key-id'];
  const secret = headers['apca-api-secret-key'];
  if (typeof key === 'string' && typeof secret === 'string') return { key, secret };
  const basic = /^basic\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic === undefined) return undefined;
  const pair = Buffer.from(basic, 'base64').toString();
  const colon = pair.indexOf(':');
  return colon < 0 ? { key: '', secret: '' } : { key: pair.slice(0, colon), secret: pair.slice(colon + 1) };
}
