import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import type { Nanos } from '../../market/event.ts';
import { day } from '../../market/nanos.ts';
import { faultKind } from './fault.ts';

/** Far enough for any clock, and near enough for any vendor's spelling of time. */
const furthest = 366n * day;
const offset = duration.refine((span) => span <= furthest, `too far off; use ${formatDuration(furthest)} or less`);

/** Data flows, but its stamps are old: a client that asks only whether anything comes never learns that it is blind. */
export const stale = faultKind({
  options: z
    .strictObject({
      by: offset.optional().meta({
        title: 'By',
        description:
          'How old the stamps are; when absent they stand still, and all events bear the time of the first of them.',
        examples: ['15m'],
      }),
    })
    .meta({
      title: 'Stale',
      description: 'Events come in time but are stamped as of some time ago.',
      examples: [{ by: '15m' }, {}],
    }),
  counts: 'event',
  explain: ({ by }) =>
    by === undefined
      ? 'events go on while their stamps stand still'
      : `events are stamped ${formatDuration(by)} before they happened`,
  open: ({ by }) => {
    let frozen: Nanos | undefined;
    return {
      event: (event, copies) => {
        frozen ??= event.at;
        copies.pass(event, by === undefined ? frozen - event.at : -by);
      },
    };
  },
});
