import { z } from 'zod';
import { faultKind } from './fault.ts';

/**
 * The place is still taken, by a ghost of the client's last connection or by somebody else: who logs in again at once only hears it again.
 * Where an exchange sends the older connection away instead, `evict` is what its clients meet.
 */
export const limitConnections = faultKind({
  options: z.strictObject({}).meta({
    title: 'Limit connections',
    description:
      'Refuses logins as if the key had too many connections already, in the words of the exchange; those that are there stay.',
    examples: [{}],
  }),
  counts: 'login',
  explain: () => 'logins are refused as if the key had too many connections',
  open: () => ({ login: () => 'too-many-sessions' }),
});
