import { z } from 'zod';
import { faultKind } from './fault.ts';

/** Close codes a server may send (RFC 6455 §7.4): 1004–1006 and 1015 never stand in a frame. */
const sendable = (code: number): boolean => code >= 1000 && code <= 4999 && ![1004, 1005, 1006, 1015].includes(code);
/** Bytes a reason may have: a control frame has 125, two of them are the code (RFC 6455 §5.5). */
const longestReason = 123;

/** An orderly end: clients that take it for their own wish never come back. */
export const close = faultKind({
  options: z
    .strictObject({
      code: z
        .int()
        .refine(sendable, 'not a close code; use 1000–4999 without 1004–1006 and 1015')
        .default(1001)
        .meta({ title: 'Code', description: 'Close code of the frame.', examples: [1000, 1001, 1011, 1012] }),
      reason: z
        .string()
        .refine((text) => Buffer.byteLength(text) <= longestReason, `too long; use ${longestReason} bytes or less`)
        .default('')
        .meta({ title: 'Reason', description: 'Text in the frame.', examples: ['going away'] }),
    })
    .meta({
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
