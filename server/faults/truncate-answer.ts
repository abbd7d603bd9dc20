import { z } from 'zod';
import { faultKind } from './fault.ts';

/** An answer that breaks off: a client that takes what it has for all there is has a gap, and does not know it. */
export const truncateAnswer = faultKind({
  options: z
    .strictObject({
      keep: z
        .number()
        .min(0)
        .lt(1, 'nothing is cut off; use a number below 1')
        .default(0.5)
        .meta({ title: 'Keep', description: 'Which part of the body still comes.', examples: [0.5] }),
    })
    .meta({
      title: 'Truncate answer',
      description: 'Breaks the connection in the middle of an answer over HTTP, after fewer bytes than it announced.',
      examples: [{ keep: 0.5 }, {}],
    }),
  counts: 'request',
  explain: ({ keep }) => `answers over HTTP break off after ${Math.round(keep * 100)} % of their body`,
  open: ({ keep }) => ({
    answer(answer) {
      const body = Buffer.from(answer.body);
      if (body.length === 0) return undefined;
      const headers = { ...answer.headers, 'content-length': String(body.length) };
      return { ...answer, headers, body: body.subarray(0, Math.floor(body.length * keep)), cut: true };
    },
  }),
});
