import type { Nanos } from '../market/event.ts';
import { milli, seconds } from '../market/nanos.ts';

/**
 * How long an HTTP answer asks to wait: its Retry-After header, in seconds or as a date (RFC 9110 §10.2.3). `undefined` where it does not
 * say, or says nothing that can be read; never negative.
 */
export function retryAfter(header: string | undefined, now: Nanos): Nanos | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}(?:\.\d{1,3})?$/.test(text)) return seconds(Number(text));
  // Date.parse takes `-5` and `12.` for years; a date that HTTP knows has its day's name first.
  const date = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(date)) return undefined;
  const wait = BigInt(date) * milli - now;
  return wait > 0n ? wait : 0n;
}
