import { z } from 'zod';

/** Which words of an exchange a scenario means that say yes to a client. */
export const confirmations = z
  .array(z.enum(['logged-in', 'subscribed', 'unsubscribed']))
  .min(1)
  .default(['subscribed'])
  .meta({
    title: 'Of',
    description: 'Which words: those that confirm a login, a subscription, or the end of one.',
    examples: [['logged-in'], ['subscribed', 'unsubscribed']],
  });
