import { z } from 'zod';
import { faultKind } from './fault.ts';

/** Less is granted than was asked for: a client that does not compare the reply with its wishes misses symbols for good. */
export const withholdSymbols = faultKind({
  options: z
    .strictObject({
      share: z
        .number()
        .gt(0, 'withholds nothing; use more than 0, up to 1')
        .max(1, 'more than all; use a number up to 1')
        .default(1)
        .meta({
          title: 'Share',
          description: 'Which part of the symbols, drawn by chance for each; 1 = all of them.',
          examples: [0.5, 1],
        }),
      told: z
        .enum(['refused', 'left-out'])
        .default('left-out')
        .meta({
          title: 'Told',
          description:
            'Whether the reply refuses them, where the exchange can refuse a part, or is as if they had not been asked for.',
          examples: ['refused', 'left-out'],
        }),
    })
    .meta({
      title: 'Withhold symbols',
      description: 'Grants a subscription only in part: without some of the symbols, or of those the target names.',
      examples: [{ share: 0.5 }, { told: 'refused' }],
    }),
  counts: 'subscription',
  explain: ({ share, told }) =>
    `subscriptions are granted without ${share === 1 ? '' : `${share * 100} % of `}the symbols, which are ${told === 'refused' ? 'refused' : 'left out'}`,
  open: ({ share, told }, { chance }) => ({
    wish: (wish) => {
      const lost = wish.symbols.filter(() => chance.next() < share);
      if (lost.length === 0) return undefined;
      const kept = wish.symbols.filter((symbol) => !lost.includes(symbol));
      return [
        ...(kept.length === 0 ? [] : [{ ...wish, symbols: kept }]),
        ...(told === 'left-out' ? [] : [{ ...wish, symbols: lost, refused: 'not-in-plan' as const }]),
      ];
    },
  }),
});
