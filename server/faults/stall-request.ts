import { z } from 'zod';
import { duration, formatDuration } from '../../market/duration.ts';
import { faultKind } from './fault.ts';

/** History that does not come, although the request was taken: a client without a deadline of its own waits for ever. */
export const stallRequest = faultKind({
  options: z
    .strictObject({
      delay: z
        .union([duration, z.literal('never')], { error: 'expected a duration such as 20s, or never' })
        .default('never')
        .meta({
          title: 'Delay',
          description: 'How much later the answer comes; never = not before the client gives up.',
          examples: ['20s', 'never'],
        }),
    })
    .meta({
      title: 'Stall request',
      description: 'Answers requests over HTTP late, or never.',
      examples: [{ delay: '20s' }, { delay: 'never' }],
    }),
  counts: 'request',
  explain: ({ delay }) =>
    delay === 'never'
      ? 'requests over HTTP are never answered'
      : `requests over HTTP are answered ${formatDuration(delay)} late`,
  open: ({ delay }, circumstances) => ({
    request: () => (delay === 'never' ? { kind: 'ignore' } : { kind: 'hold', span: circumstances.wall(delay) }),
  }),
});
