import { z } from 'zod';
import { faultKind } from './fault.ts';

/** The silent killer: connected, pings answered, no data. No vendor's SDK notices it by itself. */
export const mute = faultKind({
  options: z.strictObject({}).meta({
    title: 'Mute',
    description: 'No market data, while pings and requests are still answered.',
    examples: [{}],
  }),
  counts: 'event',
  explain: () => 'no data comes while pings and requests are still answered',
  open: () => ({ event: () => undefined }),
});
