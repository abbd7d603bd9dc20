import { z } from 'zod';
import { faultKind } from './fault.ts';

/** Connected, and never greeted: a client that waits for the word without a deadline hangs for ever, and says it is connected. */
export const withholdGreeting = faultKind({
  options: z.strictObject({}).meta({
    title: 'Withhold greeting',
    description: 'Never greets who has connected, where the exchange does; all else goes on.',
    examples: [{}],
  }),
  counts: 'reply',
  early: true,
  explain: () => 'who has connected is never greeted',
  open: () => ({ notice: ({ kind }) => (kind === 'welcome' ? 'lost' : undefined) }),
});
