import { z } from 'zod';
import { channels } from '../../../market/event.ts';
import { duration } from '../../../market/duration.ts';

/** Long and for few readers: books and news are asked for by those who want them. */
const bulky = ['book', 'news'];
const cached = channels.filter((channel) => !bulky.includes(channel));
/** Events of one list at most: they are written in one go, while Redis does nothing else. */
const mostRecent = 1000;

/** What the cache keeps, and for how long. */
export const cacheSettings = z
  .strictObject({
    prefix: z
      .string()
      .max(100)
      .default('papertape:')
      .meta({ description: 'Begins every key and every pub/sub channel, so that several pipelines share one Redis.' }),
    channels: z
      .array(z.enum(channels))
      .default(cached)
      .meta({ description: 'Channels that are cached; all but books and news unless said otherwise.' }),
    latestFor: duration.prefault('1d').meta({
      description: 'How long the newest event of a symbol and channel is kept after it was written.',
    }),
    recentFor: duration.prefault('1h').meta({
      description: 'How long the recent events of a symbol and channel are kept after the last of them was written.',
    }),
    recent: z
      .int()
      .min(0)
      .max(mostRecent)
      .default(100)
      .meta({ description: 'Recent events that are kept of a symbol and channel; 0 for none.' }),
    publish: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether what is new is published to other processes as well.' }),
    mostKeys: z
      .int()
      .min(1)
      .default(50_000)
      .meta({ description: 'Symbols times channels that are held in memory; past it those go that rested longest.' }),
  })
  .meta({ description: 'The cache of latest and recent events.' });

export type CacheSettings = z.output<typeof cacheSettings>;
