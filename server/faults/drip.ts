import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import { milli } from '../../market/nanos.ts';
import { faultKind } from './fault.ts';

/** A byte at a time: there is always something to read and never a message, so that only a deadline for whole messages notices. */
export const drip = faultKind({
  options: z
    .strictObject({
      pause: duration
        .refine((span) => span >= milli, 'too short to be a pause; use 1ms or more')
        .prefault('100ms')
        .meta({ title: 'Pause', description: 'Time between two bytes.', examples: ['100ms'] }),
    })
    .meta({
      title: 'Drip',
      description: 'Sends a byte at a time.',
      examples: [{ pause: '100ms' }, {}],
    }),
  counts: 'connection',
  explain: ({ pause }) => `a byte comes every ${formatDuration(pause)}`,
  open: ({ pause }, circumstances) => ({
    line: {
      get slice() {
        return { bytes: 1, pause: circumstances.wall(pause) };
      },
    },
  }),
});
