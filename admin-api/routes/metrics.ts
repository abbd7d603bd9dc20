import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Desk } from '../desk.ts';
import { Metrics } from '../metrics.ts';

/** What Prometheus asks for. Counts the requests to all routes that are registered after it. */
export async function metricRoutes(app: FastifyInstance, desk: Desk): Promise<void> {
  const metrics = new Metrics(desk);
  metrics.watch();
  app.addHook('onClose', () => metrics[Symbol.dispose]());
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode }) =>
    metrics.answered(method, routeOptions.url ?? 'unknown', statusCode),
  );
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'metrics',
        tags: ['system'],
        summary: 'For Prometheus',
        produces: ['text/plain'],
        response: { 200: z.string().meta({ description: 'In the text format of Prometheus.' }) },
      },
    },
    async (_, reply) => {
      for (const { trial } of desk.papertape.runs) void trial.written;
      return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
    },
  );
}
// Its hook is for every route, not only for its own.
Object.assign(metricRoutes, { [Symbol.for('skip-override')]: true });
