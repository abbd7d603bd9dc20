import { z } from 'zod';
import { faultKind } from './fault.ts';

/**
 * A peer that is gone while the socket still looks open, as after a lost route: only who pings and counts the seconds notices. The
 * connection never recovers: when the fault is over, it is reset, as by a host that knows nothing of it any more.
 */
export const halfOpen = faultKind({
  options: z.strictObject({}).meta({
    title: 'Half open',
    description:
      'Nothing arrives in either direction, not even pongs, and nobody is told; when it is over, the dead connection is reset.',
    examples: [{}],
  }),
  counts: 'connection',
  explain: () => 'nothing arrives in either direction, and the connection is reset when that is over',
  open: () => ({ line: { dead: true }, over: (victim) => victim.reset() }),
});
