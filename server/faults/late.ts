import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import { faultKind } from './fault.ts';

/** A feed that lags: a client learns whether it looks at the times of what it hears, or takes for new whatever is. */
export const late = faultKind({
  options: z
    .strictObject({
      by: duration.prefault('2s').meta({
        title: 'By',
        description: 'How late each event comes, in tape time.',
        examples: ['500ms', '2s'],
      }),
      jitter: duration.optional().meta({
        title: 'Jitter',
        description: 'Up to so much more, drawn for each event, so that one may overtake another.',
        examples: ['300ms'],
      }),
    })
    .meta({
      title: 'Late',
      description: 'Events come late, with their own times; none is lost.',
      examples: [{ by: '2s' }, { by: '500ms', jitter: '300ms' }],
    }),
  counts: 'event',
  explain: ({ by, jitter }) =>
    `events come ${formatDuration(by)}${jitter === undefined ? '' : ` and up to ${formatDuration(jitter)} more`} late, with their own times`,
  open: ({ by, jitter = 0n }, { chance }) => ({
    event: (event, copies) =>
      copies.later(event, jitter === 0n ? by : by + BigInt(Math.floor(chance.next() * Number(jitter)))),
  }),
});
