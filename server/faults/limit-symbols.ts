import { z } from 'zod';
import { faultKind } from './fault.ts';

/** The plan holds no more symbols: does the client notice that it does not hear what it asked for? */
export const limitSymbols = faultKind({
  options: z
    .strictObject({
      most: z
        .int()
        .min(1, 'none at all; leave it out, which refuses every subscription')
        .optional()
        .meta({
          title: 'Most',
          description:
            'Symbols that a connection may hold, whatever its plan: those of the channels that its plan counts, of all where it has no limit. When absent every subscription is refused as if it went too far.',
          examples: [2, 30],
        }),
    })
    .meta({
      title: 'Limit symbols',
      description:
        'Refuses subscriptions as if they went beyond what the plan allows, or allows fewer symbols than that, the way this exchange does; what is held stays.',
      examples: [{}, { most: 2 }],
    }),
  counts: 'subscription',
  whole: ({ most }) => most !== undefined,
  explain: ({ most }) =>
    most === undefined
      ? 'subscriptions are refused as if they went beyond the symbols of the plan'
      : `a connection may hold no more than ${most} symbol${most === 1 ? '' : 's'}`,
  open: ({ most }) =>
    most === undefined ? { wish: (wish) => [{ ...wish, refused: 'too-many-symbols' }] } : { most: { symbols: most } },
});
