import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import rateLimit from '@fastify/rate-limit';
import websocket from '@fastify/websocket';
import { fastify, type FastifyInstance, type FastifyServerFactory } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { openServer, type Tls } from '../server/index.ts';
import type { Desk } from './desk.ts';
import { pathOf, tellFailures } from './failure.ts';
import { admit, type Guard, isLoopback } from './guard.ts';
import { problemOf, problemType } from './problem.ts';
import { hasBody, paced } from './paced.ts';
import { metricRoutes } from './routes/metrics.ts';
import { routes } from './routes/index.ts';

/** Bytes of a body that is no tape. */
const largestBody = 2 ** 20;
/** Bytes of a message over a WebSocket: pages only listen. */
const largestWord = 1024;
/** Connections at once, of all clients. */
const mostConnections = 2000;
/** How long a connection is kept between two requests, in milliseconds. */
const idle = 72_000;
/** Requests of one address in a minute, where others than this machine can ask. */
const perMinute = 1200;

/** The admin API as a web application: who may ask, what there is to ask, and how a no is told. Throws a `TlsError` for a certificate that cannot serve. */
export async function openApp(desk: Desk, guard: Guard, tls?: Tls): Promise<FastifyInstance> {
  const secure = tls && (await openServer(tls, desk.clock, desk.log));
  const overTls: FastifyServerFactory | undefined = secure && ((answer) => secure.on('request', answer));
  const app = fastify({
    ...(overTls && { serverFactory: overTls }),
    logger: false,
    // Bad URLs and the like, which never reach a route.
    frameworkErrors: tellFailures(desk),
    routerOptions: { maxParamLength: 300 },
    bodyLimit: largestBody,
    forceCloseConnections: true,
  });
  app.server.maxConnections = mostConnections;
  app.server.keepAliveTimeout = idle;
  // Heads have Node's minute; bodies are paced, since an upload may take longer than any request should.
  app.server.requestTimeout = 0;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(tellFailures(desk));
  app.setNotFoundHandler((request, reply) => {
    const detail = `nothing answers ${request.method} ${pathOf(request)}; /docs lists what does`;
    return reply
      .code(404)
      .type(problemType)
      .send(problemOf(404, detail, pathOf(request)));
  });
  // Some clients announce JSON and send nothing where nothing is needed.
  const readJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void readJson(request, body.toString(), done);
  });
  // Before all that may refuse a request: it hangs up on whoever asked for a WebSocket and is refused.
  await app.register(websocket, {
    options: {
      maxPayload: largestWord,
      // A token that is shown as a subprotocol is not chosen.
      handleProtocols: (offered) => (offered.has('papertape') ? 'papertape' : false),
    },
    errorHandler: (_, socket) => socket.terminate(),
  });
  if (!isLoopback(guard.host)) {
    await app.register(rateLimit, { global: false, max: perMinute, timeWindow: '1 minute' });
    // Before the token is looked at, so that guesses are counted too.
    app.addHook('onRequest', app.rateLimit());
  }
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
    admit(request, guard);
  });
  app.addHook('preParsing', async (request, reply, payload) =>
    hasBody(request) ? paced(request, reply, desk.clock) : payload,
  );
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Papertape admin API',
        version: desk.version,
        description: 'Steers a mock market-data exchange. Everything it plays is fake.',
      },
      ...(guard.token === undefined ? {} : { security: [{ token: [] }] }),
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    theme: { title: 'Papertape admin API' },
  });
  await app.register(metricRoutes, desk);
  for (const route of routes) await app.register(route, desk);
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.ready();
  return app;
}
