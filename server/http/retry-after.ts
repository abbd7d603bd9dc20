import type { Nanos } from '../../market/event.ts';
import { seconds } from '../../market/nanos.ts';

/** The wall time that an answer asks its client to wait, by its Retry-After header in seconds (RFC 9110 §10.2.3). */
export function retryAfterOf(headers: Readonly<Record<string, string>> | undefined): { readonly retryAfter?: Nanos } {
  const [, text] = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'retry-after') ?? [];
  const wait = text === undefined ? Number.NaN : Number(text);
  return Number.isNaN(wait) ? {} : { retryAfter: seconds(wait) };
}
