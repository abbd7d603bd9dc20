import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from './problem.ts';

/** Who may use the API. */
export interface Guard {
  /** Demanded of every request when given. */
  readonly token: string | undefined;
  /** The address the API listens on. */
  readonly host: string;
}

/** Answer without a token: probes, and the page, which holds nothing of its own and asks for the token. */
const open = /^\/(?:health|ready|openapi\.json|docs(?:\/.*)?|page\/.*)?$/;
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/** Whether an address is this machine's alone. */
export function isLoopback(host: string): boolean {
  return loopback.test(host) || host === '::1';
}

/**
 * Lets a request through, or throws a `ProblemError`. Pages of other origins are refused, with or without a token: what a browser was
 * talked into is not what its user wants. Without a token only loopback names are answered, so that no foreign name may be bound to this
 * machine's address (DNS rebinding).
 */
export function admit(request: FastifyRequest, { token }: Guard): void {
  const { origin, authorization } = request.headers;
  const asked = request.host;
  if (origin !== undefined && hostOf(origin) !== asked) {
    throw new ProblemError(
      403,
      `requests of pages from ${origin.slice(0, 200)} are refused; use the page on this port`,
    );
  }
  if (token === undefined) {
    const name = asked.replace(/:\d+$/, '');
    if (!loopback.test(name)) {
      throw new ProblemError(
        403,
        `this is not ${name.slice(0, 200)}; without a token only loopback names are answered`,
      );
    }
    return;
  }
  if (open.test(request.url.split('?', 1)[0] ?? '')) return;
  const shown = authorization?.replace(/^Bearer /i, '') ?? protocolToken(request.headers['sec-websocket-protocol']);
  if (shown === undefined) throw new ProblemError(401, 'show the token: Authorization: Bearer <PAPERTAPE_ADMIN_TOKEN>');
  if (!same(shown, token))
    throw new ProblemError(401, 'wrong token; PAPERTAPE_ADMIN_TOKEN of the server is the right one');
}

/** A browser can show a token on a WebSocket only as a subprotocol. */
function protocolToken(protocols = ''): string | undefined {
  const [, shown] = /(?:^|,)\s*token\.([A-Za-z0-9_-]+)\s*(?:,|$)/.exec(protocols) ?? [];
  return shown === undefined ? undefined : Buffer.from(shown, 'base64url').toString();
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function same(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
