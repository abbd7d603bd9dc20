import { z } from 'zod';
import { faultKind } from './fault.ts';

/** Bytes that are not what was sent: a client learns whether one bad frame costs it the frame, the connection or the process. */
export const corrupt = faultKind({
  options: z
    .strictObject({
      bytes: z
        .int()
        .min(1)
        .max(4096)
        .default(1)
        .meta({ title: 'Bytes', description: 'How many bytes of a frame are wrong.', examples: [1, 8] }),
    })
    .meta({
      title: 'Corrupt',
      description: 'Some bytes of a frame are flipped by chance; a text may then not even be UTF-8.',
      examples: [{}, { bytes: 8 }],
    }),
  counts: 'frame',
  explain: ({ bytes }) =>
    `${bytes === 1 ? 'a byte' : `${bytes} bytes`} of a frame ${bytes === 1 ? 'is' : 'are'} flipped`,
  open: ({ bytes }, { chance }) => ({
    payload: (payload) => {
      const flipped = Buffer.from(payload);
      const places = new Set<number>();
      const wanted = Math.min(bytes, payload.length);
      while (places.size < wanted) places.add(chance.below(payload.length));
      for (const place of places) flipped[place] = (flipped[place] ?? 0) ^ (1 + chance.below(255));
      return flipped;
    },
  }),
});
