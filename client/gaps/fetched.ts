import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../market/clock.ts';
import type { Nanos } from '../../market/event.ts';
import type { Request } from '../feeds/feed.ts';

/** An HTTP answer, read to its end. */
export interface Fetched {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Asks once. Redirects are not followed: they would carry the key elsewhere. Throws when there is no whole answer in time, or too large a one. */
export async function fetched(
  { url, headers }: Request,
  clock: Clock,
  { timeout, largestBody }: { readonly timeout: Nanos; readonly largestBody: number },
  signal: AbortSignal,
): Promise<Fetched> {
  const late = new AbortController();
  const cancel = clock.wake(clock.now() + timeout, () => late.abort(new Error('no whole answer in time')));
  try {
    const answer = await fetch(url, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, late.signal]),
    });
    const body = await textOf(answer, largestBody);
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body };
  } finally {
    cancel();
  }
}

async function textOf({ body }: Response, most: number): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > most) throw new Error(`an answer of more than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
