import { z } from 'zod';
import { exchanged, faultKind, piecesOf } from './fault.ts';

/** A kind of event that no document names, as before every new feature of a vendor: a client learns whether it passes over it. */
export const unknownEvent = faultKind({
  options: z.strictObject({}).meta({
    title: 'Unknown event',
    description: 'One event of a frame comes under a type that nobody knows.',
    examples: [{}],
  }),
  counts: 'frame',
  explain: () => 'an event comes under a type that nobody knows',
  open: (_options, { chance }) => ({
    payload: (payload, _binary, aimed) => {
      const piece = piecesOf(payload)[aimed[chance.below(aimed.length)]?.place ?? 0];
      // Every vendor writes the type first, so that a reader knows what follows.
      const type = piece?.leaves.find(({ kind }) => kind === 'text');
      return type === undefined ? payload : exchanged(payload, [type], () => ({ text: 'unknown' }));
    },
  }),
});
