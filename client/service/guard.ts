import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { ServiceRefusal } from './problem.ts';
import { isLoopback } from './settings.ts';

/** Answer without a token: probes of containers have none. */
const probes = new Set(['/health', '/ready']);

/** Whether a request is a probe's. */
export const isProbe = ({ url }: Pick<FastifyRequest, 'url'>): boolean => probes.has(url.split('?', 1)[0] ?? '');

/**
 * Lets a request through, or throws a refusal. Pages of other origins are refused, since no browser is to be talked into reading for them.
 * Without a token only loopback names are answered, so that no foreign name can be bound to this machine (DNS rebinding).
 */
export function admit(request: FastifyRequest, token: string | undefined): void {
  const { origin, authorization } = request.headers;
  if (origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === request.host)) {
    throw new ServiceRefusal(403, `requests of pages from ${origin.slice(0, 200)} are refused`);
  }
  if (token === undefined) {
    const name = request.host.replace(/:\d+$/, '');
    if (isLoopback(name)) return;
    throw new ServiceRefusal(
      403,
      `this is not ${name.slice(0, 200)}; without a token only loopback names are answered`,
    );
  }
  if (isProbe(request)) return;
  const shown = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  if (shown === undefined)
    throw new ServiceRefusal(401, 'show the token of the service: Authorization: Bearer <token>');
  if (!same(shown, token)) throw new ServiceRefusal(401, 'wrong token');
}

/** In a time that does not depend on how much of it is right. */
function same(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
