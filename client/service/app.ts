import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import websocket from '@fastify/websocket';
import { fastify, type FastifyInstance } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Desk } from './desk.ts';
import { admit, isProbe } from './guard.ts';
import { metricsOf } from './metrics.ts';
import { sendProblem, tellFailures } from './problem.ts';
import { healthRoutes } from './routes/health.ts';
import { listenRoutes } from './routes/listen.ts';
import { marketRoutes } from './routes/market.ts';
import type { ServiceSettings } from './settings.ts';

/** Bytes of a body; nothing here takes one. */
const largestBody = 1024;
/** Bytes of a message of a listener: a thousand symbols fit. */
const largestWord = 2 ** 18;
/** Connections at once, of all clients. */
const mostConnections = 4000;

/** The service as a web application: who may ask, what there is to ask, and how a no is told. */
export async function openApp(
  desk: Desk,
  { token, requestsPerMinute }: ServiceSettings,
  log: (error: Error) => void,
): Promise<FastifyInstance> {
  const failures = tellFailures(log);
  const app = fastify({
    logger: false,
    frameworkErrors: failures,
    routerOptions: { maxParamLength: 1000 },
    bodyLimit: largestBody,
    forceCloseConnections: true,
  });
  app.server.maxConnections = mostConnections;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(failures);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, 404, `nothing answers ${request.method} there; /openapi.json lists what does`),
  );
  // Before all that may refuse a request: it hangs up on whoever asked for a WebSocket and is refused.
  await app.register(websocket, {
    options: { maxPayload: largestWord },
    errorHandler: (_, socket) => socket.terminate(),
  });
  await app.register(rateLimit, { global: false, max: requestsPerMinute, timeWindow: '1 minute', allowList: isProbe });
  // Before the token is looked at, so that guesses are counted too.
  app.addHook('onRequest', app.rateLimit());
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    admit(request, token);
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Papertape service',
        version: desk.version,
        description: 'Health, status and live prices of a market-data pipeline. WebSockets: docs/service.md.',
      },
      ...(token === undefined ? {} : { security: [{ token: [] }] }),
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  const metrics = metricsOf(desk);
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'metrics',
        tags: ['health'],
        summary: 'For Prometheus',
        produces: ['text/plain'],
        response: { 200: z.string().meta({ description: 'In the text format of Prometheus.' }) },
      },
    },
    async (_, reply) => reply.type(metrics.contentType).send(await metrics.metrics()),
  );
  for (const routes of [healthRoutes, marketRoutes, listenRoutes]) await app.register(routes, desk);
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.ready();
  return app;
}
