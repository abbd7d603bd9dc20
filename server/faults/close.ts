import { z } from 'zod';
import { closeCode, closeReason, faultKind } from './fault.ts';

/** An orderly end: clients that take it for their own wish never come back. */
export const close = faultKind({
  options: z.strictObject({ code: closeCode.default(1001), reason: closeReason.default('') }).meta({
    title: 'Close',
    description: 'Ends the connection in good order, with a Close frame of any code.',
    examples: [{ code: 1001, reason: 'going away' }],
  }),
  counts: 'connection',
  momentary: true,
  explain: ({ code, reason }) =>
    `the connection is closed in good order with code ${code}${reason === '' ? '' : ` (${reason})`}`,
  open: ({ code, reason }) => ({ strike: (victim) => victim.close(code, reason) }),
});
