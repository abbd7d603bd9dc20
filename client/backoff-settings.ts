import { z } from 'zod';
import { duration } from '../market/duration.ts';

const positive = duration.refine((span) => span > 0n, 'must be above zero');

/** How patient somebody is who is refused: settings of `delayAfter`, with these defaults where none are given. */
export const patienceSettings = (usual: { readonly base: string; readonly cap: string; readonly floor?: string }) =>
  z
    .strictObject({
      base: positive.prefault(usual.base).meta({ description: 'The wait after a first failure.' }),
      factor: z.number().min(1).max(10).default(2).meta({
        description: 'How many times longer each wait is than the one before.',
      }),
      cap: positive.prefault(usual.cap).meta({
        description: 'The longest wait by our own choice, jitter apart; a vendor may ask for more.',
      }),
      floor: duration.prefault(usual.floor ?? '250ms').meta({
        description: 'The shortest wait, whatever the other settings say.',
      }),
      jitter: z.number().min(0).max(1).default(0.25).meta({
        description: 'The part of a wait that chance adds at most, so that clients do not all come back at once.',
      }),
      longestTold: positive.prefault('15m').meta({
        description: 'The longest wait that a vendor may ask for by Retry-After; more is taken for this.',
      }),
    })
    .prefault({});

export const backoffSettings = patienceSettings({ base: '500ms', cap: '30s' });
export type Patience = z.output<typeof backoffSettings>;
