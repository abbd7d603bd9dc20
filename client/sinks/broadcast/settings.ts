import { z } from 'zod';
import { duration } from '../../../market/duration.ts';

/** What becomes of listeners, above all of slow ones. */
export const broadcastSettings = z
  .strictObject({
    mostListeners: z.int().min(1).default(1000).meta({ description: 'Listeners over sockets at once.' }),
    mostWaiting: z
      .int()
      .min(1024)
      .default(2 ** 20)
      .meta({ description: 'Bytes that may wait for a listener to read them; past it, it counts as slow.' }),
    slow: z.enum(['thin', 'drop']).default('thin').meta({
      description:
        'What a slow listener gets: the newest of each symbol and channel once it reads again, or its leave.',
    }),
    patience: duration
      .prefault('30s')
      .meta({ description: 'How long a listener may be slow without a pause before it is dropped all the same.' }),
    mostThinned: z
      .int()
      .min(1)
      .default(10_000)
      .meta({ description: 'Symbols times channels that are kept for a slow listener.' }),
  })
  .meta({ description: 'Live events for listeners in this process and over WebSockets.' });

export type BroadcastSettings = z.output<typeof broadcastSettings>;
