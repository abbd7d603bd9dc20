import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import { faultKind } from './fault.ts';

/** What a vendor sends twice a client must count once: it learns whether its volume, its bars and its table do. */
export const duplicate = faultKind({
  options: z
    .strictObject({
      copies: z
        .int()
        .min(1)
        .max(100)
        .default(1)
        .meta({ title: 'Copies', description: 'How many more of each event come.', examples: [1, 3] }),
      after: duration.optional().meta({
        title: 'After',
        description: 'How much later the copies come, in tape time; right behind the first when absent.',
        examples: ['2s'],
      }),
    })
    .meta({
      title: 'Duplicate',
      description: 'Events come more than once, with the same id and the same times.',
      examples: [{}, { copies: 2, after: '2s' }],
    }),
  counts: 'event',
  explain: ({ copies, after }) =>
    `each event comes ${copies === 1 ? 'twice' : `${copies + 1} times`}` +
    (after === undefined ? ', one right behind the other' : `, again after ${formatDuration(after)}`),
  open: ({ copies: more, after }) => ({
    event: (event, copies) => {
      copies.pass(event);
      for (let i = 0; i < more; i++) {
        if (after === undefined) copies.pass(event);
        else copies.later(event, after);
      }
    },
  }),
});
