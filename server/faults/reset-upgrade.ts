import { z } from 'zod';
import { faultKind } from './fault.ts';

/** Nobody is there, as far as a client can tell: it has to try again, later each time, without an answer to go by. */
export const resetUpgrade = faultKind({
  options: z.strictObject({}).meta({
    title: 'Reset upgrade',
    description: 'Answers who wants to connect with a TCP reset.',
    examples: [{}],
  }),
  counts: 'upgrade',
  early: true,
  explain: () => 'who wants to connect is answered with a TCP reset',
  open: () => ({ upgrade: () => ({ kind: 'reset' }) }),
});
