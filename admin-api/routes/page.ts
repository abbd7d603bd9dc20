import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Desk } from '../desk.ts';
import { type PageFile, readPage } from '../page-files.ts';
import { ProblemError } from '../problem.ts';

/** What the page may load, and from where: from here. Editors draw their squiggles as data. */
const policyFor = (host: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    // Safari does not count WebSockets of the same origin as 'self'.
    `connect-src 'self'${/^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : ''}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** The web page: what is below `/page/` is a table of files read at the start, so that no path leads out of it. */
export const pageRoutes: FastifyPluginAsyncZod<Desk> = async (app, { folders }) => {
  const files = folders.page === undefined ? new Map<string, PageFile>() : await readPage(folders.page);

  const send = (name: string, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const file = files.get(name);
    if (files.size === 0) {
      throw new ProblemError(
        503,
        'the page is not built; run `npm run page` and start again. The API is all there: /docs',
      );
    }
    if (file === undefined) throw new ProblemError(404, 'the page has no such file; reload it');
    const { body, type, etag, isImmutable } = file;
    void reply
      .header('etag', etag)
      .header('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache')
      .header('content-security-policy', policyFor(request.host));
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type(type).send(body);
  };

  app.get('/', { schema: { hide: true } }, (request, reply) => send('index.html', request, reply));
  app.get<{ Params: { '*': string } }>('/page/*', { schema: { hide: true } }, (request, reply) =>
    send(request.params['*'], request, reply),
  );
};
