import { z } from 'zod';
import { byteSize, faultKind, formatByteSize, padded } from './fault.ts';

/** What the deck and a socket can carry beside everything else. */
const largest = 64 * 2 ** 20;

/** A message longer than a client's limit: it learns what that limit is, and that going beyond it usually ends the connection (1009). */
export const oversize = faultKind({
  options: z
    .strictObject({
      size: byteSize
        .refine((bytes) => bytes <= largest, `too large; use ${formatByteSize(largest)} or less`)
        .prefault('2MiB')
        .meta({ title: 'Size', description: 'Bytes of the payload.', examples: ['2MiB', '64KiB'] }),
    })
    .meta({
      title: 'Oversize',
      description: 'Messages are padded to a size that clients do not expect; they are valid and say the same.',
      examples: [{ size: '2MiB' }],
    }),
  counts: 'frame',
  explain: ({ size }) => `messages are padded to ${formatByteSize(size)}`,
  open: ({ size }) => ({ payload: (payload) => padded(payload, size) }),
});
