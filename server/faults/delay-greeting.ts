import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import { faultKind } from './fault.ts';

/** Connected, but not greeted yet: a client that logs in unasked, or hangs up too soon, shows itself. */
export const delayGreeting = faultKind({
  options: z
    .strictObject({
      delay: duration.meta({ title: 'Delay', description: 'How much later the greeting comes.', examples: ['4s'] }),
    })
    .meta({
      title: 'Delay greeting',
      description: 'Greets who has connected, where the exchange does, but late; all else it says waits too.',
      examples: [{ delay: '4s' }],
    }),
  counts: 'reply',
  early: true,
  explain: ({ delay }) => `who has connected is greeted ${formatDuration(delay)} late`,
  open: ({ delay }, circumstances) => ({
    notice: ({ kind }) => (kind === 'welcome' ? circumstances.wall(delay) : undefined),
  }),
});
