import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import { milli } from '../../market/nanos.ts';
import { faultKind } from './fault.ts';

/** Frames in pieces, each a TCP segment of its own: a client learns whether it takes what one read brings for a whole message. */
export const slice = faultKind({
  options: z
    .strictObject({
      bytes: z
        .int()
        .min(1)
        .default(16)
        .meta({ title: 'Bytes', description: 'So many bytes a piece.', examples: [16] }),
      pause: duration
        .refine((span) => span >= milli, 'too short to be a pause; use 1ms or more')
        .prefault('1ms')
        .meta({ title: 'Pause', description: 'Time between two pieces.', examples: ['1ms'] }),
    })
    .meta({
      title: 'Slice',
      description: 'Sends frames in pieces of some bytes, each a TCP segment of its own.',
      examples: [{ bytes: 16, pause: '1ms' }, {}],
    }),
  counts: 'connection',
  explain: ({ bytes, pause }) =>
    `what is sent comes in pieces of ${bytes} ${bytes === 1 ? 'byte' : 'bytes'}, ${formatDuration(pause)} apart`,
  open: ({ bytes, pause }, circumstances) => ({
    line: {
      get slice() {
        return { bytes, pause: circumstances.wall(pause) };
      },
    },
  }),
});
