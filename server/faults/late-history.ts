import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import { altered, faultKind } from './fault.ts';

/** History that is behind what was streamed, its last bars unfinished: who asks at once after a gap does not get the gap. */
export const lateHistory = faultKind({
  options: z
    .strictObject({
      by: duration
        .prefault('1m')
        .meta({ title: 'By', description: 'How far history is behind, in tape time.', examples: ['1m', '15s'] }),
    })
    .meta({
      title: 'Late history',
      description:
        'Tells over HTTP only what was known some time ago: the newest rows are missing, bars are unfinished.',
      examples: [{ by: '1m' }],
    }),
  counts: 'request',
  explain: ({ by }) => `history over HTTP is ${formatDuration(by)} behind`,
  open: ({ by }, { symbols }) => ({
    history: (history) => altered(history, { period: (asked) => ({ ...asked, lag: asked.lag + by }) }, symbols),
  }),
});
