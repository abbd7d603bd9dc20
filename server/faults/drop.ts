import { z } from 'zod';
import { faultKind } from './fault.ts';

/** Loses events. The connection stays open, so that a client must notice the gap itself. */
export const drop = faultKind({
  options: z.strictObject({}).meta({
    title: 'Drop',
    description: 'Events are lost on the way; everything else goes on.',
    examples: [{}],
  }),
  counts: 'event',
  explain: () => 'events are lost on the way while the connection stays open',
  open: () => ({ event: () => undefined }),
});
