import { z } from 'zod';
import { faultKind } from './fault.ts';

/**
 * The place is still taken, by a ghost of the client's last connection or by somebody else: who logs in again at once only hears it again.
 * Where an exchange sends the older connection away instead, `evict` is what its clients meet.
 */
export const limitConnections = faultKind({
  options: z
    .strictObject({
      most: z
        .int()
        .min(1, 'none at all; leave it out, which refuses every login')
        .optional()
        .meta({
          title: 'Most',
          description:
            'Connections that a key may have on a path, whatever its plan; when absent every login is refused as if there were too many.',
          examples: [1, 2],
        }),
    })
    .meta({
      title: 'Limit connections',
      description:
        'Refuses logins as if the key had too many connections already, or leaves it fewer than its plan, in the words of the exchange; those that are there stay.',
      examples: [{}, { most: 1 }],
    }),
  counts: 'login',
  explain: ({ most }) =>
    most === undefined
      ? 'logins are refused as if the key had too many connections'
      : `a key may have no more than ${most} connection${most === 1 ? '' : 's'} on a path`,
  open: ({ most }) => (most === undefined ? { login: () => 'too-many-sessions' } : { most: { connections: most } }),
});
