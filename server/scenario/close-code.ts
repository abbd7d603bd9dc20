import { z } from 'zod';

/** Close codes a server may send (RFC 6455 §7.4): 1004–1006 and 1015 never stand in a frame. */
const sendable = (code: number): boolean => code >= 1000 && code <= 4999 && ![1004, 1005, 1006, 1015].includes(code);
/** Bytes a reason may have: a control frame has 125, two of them are the code (RFC 6455 §5.5). */
const longestReason = 123;

/** The code in a Close frame. */
export const closeCode = z
  .int()
  .refine(sendable, 'not a close code; use 1000–4999 without 1004–1006 and 1015')
  .meta({ title: 'Code', description: 'Code of the Close frame.', examples: [1000, 1001, 1011, 1012] });

/** The text beside it. */
export const closeReason = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= longestReason, `too long; use ${longestReason} bytes or less`)
  .meta({ title: 'Reason', description: 'Text in the Close frame.', examples: ['going away'] });
