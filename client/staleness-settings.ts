import { z } from 'zod';
import { duration } from '../market/duration.ts';

const positive = duration.refine((span) => span > 0n, 'must be above zero');

/** When silence is no longer the market's. */
export const stalenessSettings = z
  .strictObject({
    watch: z.boolean().default(true).meta({ description: 'False to take every silence for the market’s.' }),
    every: positive.prefault('1s').meta({ description: 'How often to look.' }),
    times: z.number().min(1.5).max(100).default(4).meta({
      description: 'How many times longer than its longest silence so far a subscription may be silent.',
    }),
    least: positive.prefault('10s').meta({ description: 'A silence up to this is nobody’s fault.' }),
    most: positive.prefault('10m').meta({
      description: 'A silence of more than this is looked into, however rare data usually is.',
    }),
    unknown: positive.prefault('3m').meta({
      description: 'How long a subscription may be silent whose rhythm is not known yet.',
    }),
    atOnce: z.int().min(1).max(10_000).default(50).meta({
      description: 'How many silent subscriptions are asked for anew at a time.',
    }),
    reconnectsApart: positive.prefault('30s').meta({
      description:
        'The shortest time between two connections that are given up for silence; doubles while it does not help.',
    }),
  })
  .prefault({});
export type StalenessSettings = z.output<typeof stalenessSettings>;
