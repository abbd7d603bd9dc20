import { z } from 'zod';
import { duration } from '../../market/duration.ts';
import { instant, runParams } from './common.ts';

const count = z.int().min(1);

/** What a key may do. */
const terms = {
  plan: z.string().optional().meta({ description: 'One of the exchange’s plans; its default when absent.' }),
  sessions: count.optional().meta({ description: 'At a time and stream; the plan’s when absent.' }),
  symbols: count.optional().meta({ description: 'Most it may hold; the plan’s when absent.' }),
};

export const keyView = z
  .strictObject({
    label: z.string().meta({ description: 'How journal and lists call it.', examples: ['key-1a2b3c4d'] }),
    ...terms,
    hasSecret: z.boolean().meta({ description: 'Without one any secret is good.' }),
    ends: instant.optional().meta({ description: 'From when on it is good no more.' }),
    good: z.boolean(),
    connected: z.int().meta({ description: 'Sessions that have logged in with it.' }),
  })
  .meta({ id: 'Key' });
export type KeyView = z.infer<typeof keyView>;

export const keyList = z
  .strictObject({
    any: z.boolean().meta({ description: 'Every key is good, whether it is listed or not.' }),
    keys: z.array(keyView),
  })
  .meta({ id: 'Keys' });
export type KeyList = z.infer<typeof keyList>;

export const newKey = z
  .strictObject({
    key: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .meta({ description: 'Made up when absent.', examples: ['PKTEST2'] }),
    secret: z
      .string()
      .max(256)
      .optional()
      .meta({ description: 'Any secret is good when absent; made up with the key.' }),
    ...terms,
  })
  .meta({ id: 'NewKey' });
export type NewKey = z.input<typeof newKey>;

export const keyMade = keyView
  .extend({
    key: z.string().meta({ description: 'Told only here.' }),
    secret: z.string().optional(),
  })
  .meta({ id: 'KeyMade' });
export type KeyMade = z.infer<typeof keyMade>;

export const keyParams = runParams.extend({
  key: z.string().meta({
    description: 'Label of the key; `given` when the body holds the key itself, which never stands in a URL.',
    examples: ['key-1a2b3c4d', 'given'],
  }),
});
const itself = z.string().min(1).optional().meta({ description: 'The key itself, where the path says `given`.' });
export const revocation = z.strictObject({ key: itself }).nullish();
export const revocationQuery = z.strictObject({
  sessions: z
    .enum(['keep', 'end'])
    .default('end')
    .meta({ description: 'end: who is connected with it is told so, in the words of its exchange, and thrown out.' }),
});
export const expiry = z.strictObject({
  after: duration.prefault('0s').meta({ description: 'In wall time.', examples: ['30s'] }),
  key: itself,
});
