import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import { faultKind } from './fault.ts';

/** A trade never was: a client learns whether it takes back its price and its volume. */
export const cancel = faultKind({
  options: z
    .strictObject({
      by: duration.prefault('5s').meta({
        title: 'By',
        description: 'How long after the trade it is taken back, in tape time.',
        examples: ['5s'],
      }),
      why: z.enum(['cancelled', 'error']).default('cancelled').meta({
        title: 'Why',
        description: 'Whether the parties cancelled it, or it was entered in error.',
      }),
    })
    .meta({
      title: 'Cancel',
      description: 'Trades are taken back some time later; those who hear trades hear it, where the exchange tells.',
      examples: [{ by: '5s', why: 'error' }],
    }),
  counts: 'event',
  explain: ({ by, why }) =>
    `a trade is taken back after ${formatDuration(by)}, as ${why === 'error' ? 'entered in error' : 'cancelled'}`,
  open: ({ by, why }) => ({
    event: (event, copies) => {
      copies.pass(event);
      if (event.kind !== 'trade') return;
      const { market, symbol, at, id, price, size, exchange, tape } = event;
      const action = why === 'error' ? 'E' : 'C';
      copies.later({ kind: 'cancel', market, symbol, at: at + by, id, price, size, exchange, action, tape }, by);
    },
  }),
});
