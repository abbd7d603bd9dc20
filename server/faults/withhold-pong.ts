import { z } from 'zod';
import { faultKind } from './fault.ts';

/** Data flows and pings go unanswered: a client that takes its own pings seriously gives up a connection that is well. */
export const withholdPong = faultKind({
  options: z.strictObject({}).meta({
    title: 'Withhold pong',
    description: 'Never answers the ping frames of the client; all else goes on.',
    examples: [{}],
  }),
  counts: 'ping',
  explain: () => 'ping frames of the client are not answered',
  open: () => ({ pong: () => 'lost' }),
});
