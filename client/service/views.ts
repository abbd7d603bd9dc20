import { z } from 'zod';
import { channels } from '../../market/event.ts';
import type { Wants } from '../wants.ts';
import type { Part } from './watched.ts';

const state = z.enum(['well', 'ailing', 'failing']);
const instant = z.string().meta({ description: 'ISO 8601, UTC.', examples: ['2026-07-01T14:30:00.000Z'] });
const count = z.int().min(0);

/** Symbols by channel. */
export const wantsView = z.partialRecord(z.enum(channels), z.array(z.string()));

export const healthView = z
  .strictObject({
    status: state.meta({ description: 'The worst of the parts.' }),
    version: z.string(),
    at: instant,
    uptimeSeconds: count,
    gapsOpen: count,
    parts: z.array(
      z.strictObject({
        kind: z.enum(['connection', 'subscriptions', 'sink', 'gaps', 'rules']),
        name: z.string(),
        state: state.meta({ description: 'ailing takes everything and loses nothing; failing loses, or has lost.' }),
        says: z.string().meta({ description: 'What is wrong; empty when well.' }),
        pending: count.meta({ description: 'Events that are taken and not yet at their end.' }),
      }),
    ),
  })
  .meta({ id: 'ClientHealth' });

export const statusView = healthView
  .extend({
    connections: z.array(
      z.strictObject({
        name: z.string(),
        vendor: z.string(),
        phase: z.string(),
        key: z.string().optional().meta({ description: 'Label of the key in use.' }),
        connectedAt: instant.optional(),
        heardAt: instant.optional(),
        reconnects: count,
        held: wantsView,
        denied: z.array(z.strictObject({ wants: wantsView.optional(), message: z.string() })),
      }),
    ),
    keys: z.array(
      z.strictObject({
        label: z.string(),
        vendor: z.string(),
        state: z.string(),
        uses: count,
        usedAt: instant.optional(),
      }),
    ),
    gaps: z.array(
      z.strictObject({
        symbol: z.string(),
        channel: z.enum(channels),
        from: instant,
        to: instant.optional(),
        state: z.enum(['open', 'filling', 'filled', 'given-up']),
      }),
    ),
    counts: z.strictObject({
      heard: count,
      rejected: count,
      repaired: count,
      backfilled: count,
      unreadable: count,
    }),
    listeners: z.strictObject({ open: count, slow: count }),
    process: z.strictObject({ memoryBytes: count, cpuSeconds: z.number() }),
  })
  .meta({ id: 'ClientStatus' });

/** Wants as JSON. */
export function lists(wants: Wants): z.output<typeof wantsView> {
  return Object.fromEntries([...wants].map(([channel, symbols]) => [channel, [...symbols]]));
}

/** How the whole fares: as its worst part. */
export function worst(parts: readonly Part[]): Part['state'] {
  for (const bad of ['failing', 'ailing'] as const) if (parts.some((part) => part.state === bad)) return bad;
  return 'well';
}
