import { z } from 'zod';
import type { MarketEvent } from '../../market/event.ts';
import { type Copies, faultKind } from './fault.ts';

/** Events overtake each other: a client learns whether it goes by the order of arrival where it should go by the times. */
export const reorder = faultKind({
  options: z
    .strictObject({
      window: z
        .int()
        .min(2)
        .max(1000)
        .default(8)
        .meta({
          title: 'Window',
          description: 'So many events are held back, and go on together in another order.',
          examples: [8],
        }),
    })
    .meta({
      title: 'Reorder',
      description: 'Events come in another order, with their own times; none is lost.',
      examples: [{ window: 8 }],
    }),
  counts: 'event',
  explain: ({ window }) => `events are held back until there are ${window}, and go on in an order drawn by chance`,
  open: ({ window }, { chance }) => {
    let held: MarketEvent[] = [];
    const shuffle = (copies: Copies): void => {
      const going = held;
      held = [];
      for (let left = going.length; left > 0; left--) {
        const [event] = going.splice(chance.below(left), 1);
        if (event !== undefined) copies.pass(event);
      }
    };
    return {
      event: (event, copies) => {
        if (held.push(event) >= window) shuffle(copies);
      },
      end: (_at, copies) => shuffle(copies),
    };
  },
});
