import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { isoMillis, second } from '../../../market/nanos.ts';
import type { Desk } from '../desk.ts';
import { healthView, lists, statusView, worst } from '../views.ts';

/** How the pipeline fares: for probes, for Prometheus' neighbours, and for people. */
export const healthRoutes: FastifyPluginAsyncZod<Desk> = async (app, { watched, clock, version, started }) => {
  const told = (): z.output<typeof healthView> => {
    const parts = [...watched.health()];
    const now = clock.now();
    return {
      status: worst(parts),
      version,
      at: isoMillis(now),
      uptimeSeconds: Number((now - started) / second),
      gapsOpen: watched.gaps().filter(({ state }) => state === 'open' || state === 'filling').length,
      parts,
    };
  };

  app.get(
    '/health',
    {
      schema: {
        operationId: 'health',
        tags: ['health'],
        summary:
          'Every part and how it fares: 503 when one of them loses something; what is only away, and waited for, is ailing',
        response: { 200: healthView, 503: healthView },
      },
    },
    async (_, reply) => {
      const health = told();
      return reply.code(health.status === 'failing' ? 503 : 200).send(health);
    },
  );

  app.get(
    '/ready',
    {
      schema: {
        operationId: 'ready',
        tags: ['health'],
        summary: 'Whether live prices can be had: 503 while a connection is not well, or anything fails',
        response: { 200: healthView, 503: healthView },
      },
    },
    async (_, reply) => {
      const health = told();
      const isReady = health.parts.every(
        ({ kind, state }) => state === 'well' || (kind !== 'connection' && state === 'ailing'),
      );
      return reply.code(isReady ? 200 : 503).send(health);
    },
  );

  app.get(
    '/status',
    {
      schema: {
        operationId: 'status',
        tags: ['health'],
        summary: 'Connections, keys by their labels, subscriptions held and denied, gaps, counts and the process',
        response: { 200: statusView },
      },
    },
    () => {
      const instant = (at: bigint | undefined): string | undefined => (at === undefined ? undefined : isoMillis(at));
      const { user, system } = process.cpuUsage();
      return {
        ...told(),
        connections: watched.connections().map(({ held, denied, connectedAt, heardAt, ...connection }) => ({
          ...connection,
          connectedAt: instant(connectedAt),
          heardAt: instant(heardAt),
          held: lists(held),
          denied: denied.map(({ wants, message }) => ({ wants: wants && lists(wants), message })),
        })),
        keys: watched.keys().map(({ usedAt, ...key }) => ({ ...key, usedAt: instant(usedAt) })),
        gaps: watched.gaps().map(({ from, to, ...gap }) => ({ ...gap, from: isoMillis(from), to: instant(to) })),
        counts: watched.counts(),
        listeners: { open: watched.broadcast.listeners, slow: watched.broadcast.slow },
        process: { memoryBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 },
      };
    },
  );
};
