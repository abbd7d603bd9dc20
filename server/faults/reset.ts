import { z } from 'zod';
import { faultKind } from './fault.ts';

/** The rudest end: a client learns that what was on its way is lost, and that its next write may be what tells it. */
export const reset = faultKind({
  options: z.strictObject({}).meta({
    title: 'Reset',
    description: 'Ends the connection with a TCP reset; what was on its way may be lost.',
    examples: [{}],
  }),
  counts: 'connection',
  momentary: true,
  explain: () => 'the connection is reset, and what was on its way may be lost',
  open: () => ({ strike: (victim) => victim.reset() }),
});
