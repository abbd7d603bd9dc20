import { z } from 'zod';
import { faultKind } from './fault.ts';

/** The connection is made and nothing is ever answered: a client without a deadline of its own for the upgrade waits for ever. */
export const ignoreUpgrade = faultKind({
  options: z.strictObject({}).meta({
    title: 'Ignore upgrade',
    description: 'Never answers who wants to connect.',
    examples: [{}],
  }),
  counts: 'upgrade',
  early: true,
  explain: () => 'who wants to connect never gets an answer',
  open: () => ({ upgrade: () => ({ kind: 'ignore' }) }),
});
