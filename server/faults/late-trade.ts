import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import type { Trade } from '../../market/event.ts';
import { faultKind } from './fault.ts';

/** A trade reported late: a client learns whether it takes the price of some time ago for the last one, and whether it mends its bars. */
export const lateTrade = faultKind({
  options: z
    .strictObject({
      by: duration.prefault('10s').meta({
        title: 'By',
        description: 'How late the trade is reported, in tape time.',
        examples: ['10s', '95s'],
      }),
    })
    .meta({
      title: 'Late trade',
      description:
        'Trades are reported late and out of sequence: with their own time and number, and, for stocks, the condition that says so.',
      examples: [{ by: '10s' }],
    }),
  counts: 'event',
  explain: ({ by }) => `trades are reported ${formatDuration(by)} late, out of sequence`,
  open: ({ by }) => ({
    event: (event, copies) => {
      if (event.kind === 'trade') copies.later(soldOutOfSequence(event), by);
      else copies.pass(event);
    },
  }),
});

/**
 * Sold out of sequence is `Z` on both tapes' plans, and `U` instead of `T` outside regular hours (sale conditions of the CTS and UTP
 * specifications). It stands behind the settlement and exemption letters.
 */
function soldOutOfSequence(trade: Trade): Trade {
  if (trade.market !== 'stocks') return trade;
  const { conditions } = trade;
  if (conditions.includes('T')) return { ...trade, conditions: conditions.map((one) => (one === 'T' ? 'U' : one)) };
  if (conditions.includes('Z') || conditions.includes('U')) return trade;
  const leading = conditions.findIndex((one) => !['@', ' ', 'F'].includes(one));
  return { ...trade, conditions: conditions.toSpliced(leading === -1 ? conditions.length : leading, 0, 'Z') };
}
