import { z } from 'zod';
import { faultKind } from './fault.ts';

/** A no to something the plan includes: a client that reads only what is granted waits for data that never comes. */
export const refuseSubscription = faultKind({
  options: z
    .strictObject({
      why: z
        .enum(['not-in-plan', 'unknown-symbol', 'wrong-channel', 'no-wildcard', 'internal'])
        .default('not-in-plan')
        .meta({
          title: 'Why',
          description: 'What the exchange says, in its words, as far as it has any.',
          examples: ['not-in-plan', 'unknown-symbol'],
        }),
    })
    .meta({
      title: 'Refuse subscription',
      description: 'Refuses subscriptions, to everything or to what the target names.',
      examples: [{}, { why: 'unknown-symbol' }],
    }),
  counts: 'subscription',
  explain: ({ why }) => `subscriptions are refused (${why})`,
  open: ({ why }) => ({ wish: (wish) => [{ ...wish, refused: why }] }),
});
