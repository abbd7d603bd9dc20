import { z } from 'zod';
import { faultKind } from './fault.ts';

/** The key is taken away: a client that comes back with it for ever, and faster and faster, shows itself. */
export const revokeKey = faultKind({
  options: z.strictObject({}).meta({
    title: 'Revoke key',
    description:
      'Takes keys away: who is connected is thrown out, in the words of the exchange for that, and logins are refused while it lasts. Name the key in target.',
    examples: [{}],
  }),
  counts: 'connection',
  explain: () => 'the key is taken away: connections end, and logins are refused',
  open: () => ({
    strike: (victim) => {
      if (!victim.loggedIn) return;
      victim.refuse('dismissed');
      // Only some exchanges end a connection at such words.
      victim.hangUp();
    },
    login: () => 'bad-key',
  }),
});
