import { z } from 'zod';
import { faultKind } from './fault.ts';

/** A message that breaks off, in a frame that is whole: a client learns whether its parser takes the connection with it. */
export const truncate = faultKind({
  options: z
    .strictObject({
      keep: z
        .number()
        .min(0)
        .lt(1)
        .default(0.5)
        .meta({ title: 'Keep', description: 'Share of the payload that is left.', examples: [0.5, 0] }),
    })
    .meta({
      title: 'Truncate',
      description: 'A message breaks off in the middle; its frame is sound and says the shorter length.',
      examples: [{}, { keep: 0.9 }],
    }),
  counts: 'frame',
  explain: ({ keep }) => `messages break off after ${Number((keep * 100).toFixed(2))} % of their bytes`,
  open: ({ keep }) => ({
    payload: (payload, binary) => {
      let end = Math.floor(payload.length * keep);
      // A text must stay UTF-8, or clients would complain of that instead (RFC 6455 §8.1).
      while (!binary && end > 0 && ((payload[end] ?? 0) & 0xc0) === 0x80) end--;
      return payload.subarray(0, end);
    },
  }),
});
