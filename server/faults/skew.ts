import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import { day } from '../../market/nanos.ts';
import { faultKind } from './fault.ts';

/** Far enough for any clock, and near enough for any vendor's spelling of time. */
const furthest = 366n * day;
const offset = duration.refine((span) => span <= furthest, `too far off; use ${formatDuration(furthest)} or less`);

/** The exchange's clock is off: a client learns whether it compares stamps with its own clock, and what it does with the future. */
export const skew = faultKind({
  options: z
    .strictObject({
      by: offset.prefault('2s').meta({
        title: 'By',
        description: 'How far off the clock is.',
        examples: ['250ms', '2s'],
      }),
      direction: z.enum(['ahead', 'behind']).default('ahead').meta({
        title: 'Direction',
        description: 'Ahead: events are stamped with times that are still to come.',
      }),
    })
    .meta({
      title: 'Skew',
      description: "The exchange's clock is off: all times of its events are moved.",
      examples: [{ by: '2s' }, { by: '250ms', direction: 'behind' }],
    }),
  counts: 'event',
  explain: ({ by, direction }) => `the exchange's clock is ${formatDuration(by)} ${direction}`,
  open: ({ by, direction }) => {
    const skewed = direction === 'ahead' ? by : -by;
    return { event: (event, copies) => copies.pass(event, skewed) };
  },
});
