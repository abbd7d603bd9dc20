import { z } from 'zod';
import { faultKind } from './fault.ts';

/** An end without a goodbye, as when a server is killed: clients see 1006, which some take for an error and some for nothing. */
export const hangUp = faultKind({
  options: z.strictObject({}).meta({
    title: 'Hang up',
    description: 'Ends the connection without a Close frame, after everything that was sent; clients see code 1006.',
    examples: [{}],
  }),
  counts: 'connection',
  momentary: true,
  explain: () => 'the connection ends without a Close frame',
  open: () => ({ strike: (victim) => victim.hangUp() }),
});
