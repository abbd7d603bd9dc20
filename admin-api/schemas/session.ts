import { z } from 'zod';
import { instant, runParams } from './common.ts';

export const sessionView = z
  .strictObject({
    session: z.int().meta({ description: 'Number of the connection, counted from 1 over the run.' }),
    exchange: z.string(),
    path: z.string(),
    encoding: z.string(),
    client: z.string().optional().meta({ description: 'Label of its key, once it has logged in.' }),
    since: instant.meta({ description: 'When it came. Wall time.' }),
    loggedIn: z.boolean(),
    subscriptions: z.array(z.strictObject({ channel: z.string(), symbols: z.array(z.string()) })),
    delivered: z.int().meta({ description: 'Events.' }),
    dropped: z.int().meta({ description: 'Events left out because it read too slowly.' }),
    bytesSent: z.int(),
    bytesWaiting: z.int().meta({ description: 'Written, and not yet taken by the network.' }),
    behindMs: z
      .number()
      .meta({ description: 'How long the oldest of the market data among them has waited; 0 without any.' }),
  })
  .meta({ id: 'Session' });
export type SessionView = z.infer<typeof sessionView>;

export const sessionParams = runParams.extend({
  session: z.coerce
    .number()
    .int()
    .min(1)
    .meta({ description: 'Its number.', examples: [1] }),
});

export const goodbye = z.strictObject({
  how: z.enum(['close', 'reset', 'hangUp', 'refuse']).default('close').meta({
    description:
      'close: a Close frame, in good order. reset: TCP RST. hangUp: TCP FIN without a Close frame. refuse: as if another connection had taken its place, in the words of its exchange.',
  }),
  code: z.coerce.number().int().optional().meta({ description: 'Of the Close frame; 1001 when absent.' }),
  reason: z.string().optional(),
});
export type Goodbye = z.input<typeof goodbye>;
