import { z } from 'zod';
import { second } from '../../market/nanos.ts';
import { byteSize, faultKind, formatByteSize } from './fault.ts';

/** A narrow line: a client that falls behind learns whether it notices how old its data is, before the exchange sends it away. */
export const bandwidth = faultKind({
  options: z
    .strictObject({
      rate: byteSize.meta({
        title: 'Rate',
        description: 'Bytes that a connection carries in a second of tape time.',
        examples: ['64KiB'],
      }),
    })
    .meta({
      title: 'Bandwidth',
      description: 'Carries only so many bytes a second to the client; what waits counts as unread.',
      examples: [{ rate: '64KiB' }],
    }),
  counts: 'connection',
  explain: ({ rate }) => `a connection carries ${formatByteSize(rate)} a second`,
  open: ({ rate }, circumstances) => ({
    line: {
      get bytesPerSecond() {
        return (rate * Number(second)) / Number(circumstances.wall(second));
      },
    },
  }),
});
