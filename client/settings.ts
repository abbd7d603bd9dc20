import { z } from 'zod';
import { type Channel, channels } from '../market/event.ts';
import { barSettings } from './bars/index.ts';
import { connectionSettings } from './connection-settings.ts';
import { feedSettings, openFeed } from './feeds/index.ts';
import { backfillSettings, gapSettings } from './gaps/index.ts';
import { ruleSettings } from './rules/index.ts';
import { serviceSettings } from './service/settings.ts';
import { broadcastSettings } from './sinks/broadcast/index.ts';
import { cacheSettings } from './sinks/cache/index.ts';
import { storeSettings } from './sinks/store/index.ts';
import { type Wants, wantsOf } from './wants.ts';

const name = /^[a-z0-9][a-z0-9-]{0,40}$/;
const symbols = z.array(z.string().min(1)).min(1);

const keySettings = z.strictObject({
  id: z.string().meta({ description: 'What the vendor knows its customer by.' }),
  secret: z.string().default('').meta({ description: 'Where the vendor gives one.' }),
});

/** One feed: what to hear from whom, and how it is cleaned and refilled. */
export const collectorSettings = z
  .strictObject({
    name: z
      .string()
      .regex(name, 'expected lower-case letters, digits and dashes')
      .optional()
      .meta({ description: 'What logs and health call it; the vendor unless set.' }),
    feed: feedSettings,
    keys: z.array(keySettings).min(1).meta({ description: 'Keys, used in turn when one is refused or crowded.' }),
    want: z
      .partialRecord(z.enum(channels), symbols)
      .refine((want) => Object.keys(want).length > 0, 'name at least one channel, such as trade: [AAPL]')
      .meta({
        description: 'Symbols by channel; "*" for all.',
        examples: [{ trade: ['AAPL', 'MSFT'], quote: ['AAPL'] }],
      }),
    dataSource: z
      .string()
      .regex(name, 'expected lower-case letters, digits and dashes')
      .optional()
      .meta({
        description:
          'What rows name as their source; the vendor unless set. Name another for replayed data: rows of one source never touch those of another.',
        examples: ['recycled'],
      }),
    resume: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether what came since the newest stored row is refilled when the pipeline starts.' }),
    connection: connectionSettings,
    rules: ruleSettings.prefault({}),
    gaps: gapSettings,
    backfill: backfillSettings,
    bars: barSettings,
  })
  .superRefine(({ feed, want }, context) => {
    const offered = openFeed(feed).channels;
    for (const channel of Object.keys(want)) {
      if (offered.some((one) => one === channel)) continue;
      context.addIssue({
        code: 'custom',
        path: ['want', channel],
        message: `this feed has no channel ${channel}; it has ${offered.join(', ')}`,
      });
    }
  });
export type CollectorSettings = z.output<typeof collectorSettings>;

const off = z.literal(false);

/** A whole pipeline. `false` leaves a part out. */
export const pipelineSettings = z
  .strictObject({
    feeds: z.array(collectorSettings).min(1),
    store: storeSettings.or(off).prefault({}),
    cache: cacheSettings
      .extend({
        url: z
          .string()
          .optional()
          .meta({
            description: 'redis://… of the Redis to cache in; in this process unless set.',
            examples: ['redis://localhost:6379'],
          }),
      })
      .prefault({}),
    broadcast: broadcastSettings.prefault({}),
    service: serviceSettings.or(off).prefault({}),
  })
  .superRefine(({ feeds }, context) => {
    const names = feeds.map(nameOf);
    for (const [index, one] of names.entries()) {
      if (names.indexOf(one) === index) continue;
      context.addIssue({
        code: 'custom',
        path: ['feeds', index, 'name'],
        message: `two feeds are called ${one}; give each a name of its own`,
      });
    }
  });
export type PipelineSettings = z.output<typeof pipelineSettings>;
/** As people write it, defaults left out. */
export type PipelineInput = z.input<typeof pipelineSettings>;

export const nameOf = ({ name: given, feed }: Pick<CollectorSettings, 'name' | 'feed'>): string => given ?? feed.vendor;

export function wantsIn({ want }: Pick<CollectorSettings, 'want'>): Wants {
  const lists: (readonly [Channel, readonly string[]])[] = [];
  for (const channel of channels) {
    const wanted = want[channel];
    if (wanted !== undefined) lists.push([channel, wanted]);
  }
  return wantsOf(lists);
}
