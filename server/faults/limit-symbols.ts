import { z } from 'zod';
import { faultKind } from './fault.ts';

/** The plan holds no more symbols: does the client notice that it does not hear what it asked for? */
export const limitSymbols = faultKind({
  options: z.strictObject({}).meta({
    title: 'Limit symbols',
    description:
      'Refuses subscriptions as if they went beyond what the plan allows, the way this exchange does; what is held stays.',
    examples: [{}],
  }),
  counts: 'subscription',
  explain: () => 'subscriptions are refused as if they went beyond the symbols of the plan',
  open: () => ({ wish: (wish) => [{ ...wish, refused: 'too-many-symbols' }] }),
});
