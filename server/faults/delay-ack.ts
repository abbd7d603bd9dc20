import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import { confirmations, faultKind } from './fault.ts';

/** A late confirmation: a client that asks again meanwhile asks for everything twice. */
export const delayAck = faultKind({
  options: z
    .strictObject({
      delay: duration.meta({ title: 'Delay', description: 'How much later it comes.', examples: ['3s'] }),
      of: confirmations,
    })
    .meta({
      title: 'Delay acknowledgement',
      description: 'Does what the client asks for, but says so late; all that the exchange says after it waits too.',
      examples: [{ delay: '3s' }, { delay: '3s', of: ['logged-in'] }],
    }),
  counts: 'reply',
  explain: ({ delay, of }) => `clients hear ${formatDuration(delay)} late that they are ${of.join(' or ')}`,
  open: ({ delay, of }, circumstances) => ({
    notice: ({ kind }) => (of.some((one) => one === kind) ? circumstances.wall(delay) : undefined),
  }),
});
