import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import { faultKind } from './fault.ts';

/** A door that opens slowly: a client whose patience is too short knocks again and again, and has many connections in the end. */
export const delayUpgrade = faultKind({
  options: z
    .strictObject({
      delay: duration.meta({ title: 'Delay', description: 'How much later the answer comes.', examples: ['5s'] }),
    })
    .meta({
      title: 'Delay upgrade',
      description: 'Answers who wants to connect as usual, but late.',
      examples: [{ delay: '5s' }],
    }),
  counts: 'upgrade',
  early: true,
  explain: ({ delay }) => `who wants to connect is answered ${formatDuration(delay)} late`,
  open: ({ delay }, circumstances) => ({ upgrade: () => ({ kind: 'hold', span: circumstances.wall(delay) }) }),
});
