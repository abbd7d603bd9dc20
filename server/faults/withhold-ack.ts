import { z } from 'zod';
import { confirmations, faultKind } from './fault.ts';

/** Done, but never confirmed: the data comes all the same, and a client that waits for the word first does not hear it. */
export const withholdAck = faultKind({
  options: z.strictObject({ of: confirmations }).meta({
    title: 'Withhold acknowledgement',
    description: 'Does what the client asks for, and never says so.',
    examples: [{}, { of: ['logged-in'] }],
  }),
  counts: 'reply',
  explain: ({ of }) => `clients never hear that they are ${of.join(' or ')}`,
  open: ({ of }) => ({ notice: ({ kind }) => (of.some((one) => one === kind) ? 'lost' : undefined) }),
});
