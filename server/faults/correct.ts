import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import { inStepsOf } from '../../market/prices.ts';
import { faultKind } from './fault.ts';

/** Far above the ids of a day, so that a corrected print never bears that of another trade. */
const correctedIds = 9_000_000_000_000n;

/** A trade turns out to have been another: a client learns whether it ever looks back at what it has stored. */
export const correct = faultKind({
  options: z
    .strictObject({
      by: duration.prefault('5s').meta({
        title: 'By',
        description: 'How long after the trade its correction comes, in tape time.',
        examples: ['5s'],
      }),
      change: z
        .number()
        .gt(0)
        .lt(1)
        .default(0.01)
        .meta({
          title: 'Change',
          description: 'Share of the price by which it was wrong, up or down by chance.',
          examples: [0.01],
        }),
    })
    .meta({
      title: 'Correct',
      description: 'Trades are corrected some time later; those who hear trades hear it, where the exchange tells.',
      examples: [{ by: '5s' }],
    }),
  counts: 'event',
  explain: ({ by, change }) =>
    `the price of a trade is corrected by ${Number((change * 100).toFixed(4))} % after ${formatDuration(by)}`,
  open: ({ by, change }, { chance }) => ({
    event: (event, copies) => {
      copies.pass(event);
      if (event.kind !== 'trade') return;
      const { market, symbol, at, exchange, tape, id, price, size, conditions } = event;
      const original = { id, price, size, conditions };
      const right = inStepsOf(price * (chance.next() < 0.5 ? 1 + change : 1 - change), price);
      const corrected = { ...original, id: correctedId(id), price: right };
      copies.later({ kind: 'correction', market, symbol, at: at + by, exchange, original, corrected, tape }, by);
    },
  }),
});

function correctedId(id: string): string {
  return /^\d+$/.test(id) ? String(BigInt(id) + correctedIds) : `${id}-corrected`;
}
