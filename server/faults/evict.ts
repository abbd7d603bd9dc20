import { z } from 'zod';
import { faultKind } from './fault.ts';

/** Another connection has taken this one's place: two clients that both come back at once evict each other for ever. */
export const evict = faultKind({
  options: z.strictObject({}).meta({
    title: 'Evict',
    description:
      'Sends the client away as if another connection with its key had taken its place, in the words of its exchange.',
    examples: [{}],
  }),
  counts: 'connection',
  momentary: true,
  explain: () => 'the client is sent away as if another connection had taken its place',
  open: () => ({ strike: (victim) => victim.refuse('too-many-sessions') }),
});
