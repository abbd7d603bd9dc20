import { z } from 'zod';
import { faultKind } from './fault.ts';

/** A client that reads well enough is told that it does not: does it come back, and not at once, again and again? */
export const kickSlow = faultKind({
  options: z.strictObject({}).meta({
    title: 'Kick as slow',
    description:
      'Sends the client away as one that reads too slowly, however fast it reads, in the words of its exchange.',
    examples: [{}],
  }),
  counts: 'connection',
  momentary: true,
  explain: () => 'the client is sent away as one that reads too slowly',
  open: () => ({ strike: (victim) => victim.refuse('slow-client') }),
});
