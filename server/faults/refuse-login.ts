import { z } from 'zod';
import { faultKind } from './fault.ts';

/** A good key is refused: a client must tell a mistake of its own, which no retry mends, from one that passes. */
export const refuseLogin = faultKind({
  options: z
    .strictObject({
      why: z
        .enum(['bad-key', 'not-in-plan', 'login-timeout', 'internal'])
        .default('bad-key')
        .meta({
          title: 'Why',
          description:
            'What the exchange says, in its words, as far as it has any: that the key is wrong, that its plan does not include this, that the login came too late, or that something broke.',
          examples: ['bad-key', 'not-in-plan'],
        }),
    })
    .meta({
      title: 'Refuse login',
      description: 'Refuses logins with good keys, in the words of the exchange.',
      examples: [{}, { why: 'not-in-plan' }],
    }),
  counts: 'login',
  explain: ({ why }) => `logins are refused (${why})`,
  open: ({ why }) => ({ login: () => why }),
});
