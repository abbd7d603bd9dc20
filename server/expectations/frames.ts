import { z } from 'zod';
import { count, deedSchema, deedTest, DeedWatch, expectationKind, tellDeed } from './expectation.ts';

/** Journal entries that a finding names. */
const shown = 20;
const bound = z.int().min(0).optional();

/** Shows how often a client does something: logins that burn a quota, pings that keep it alive, requests that hammer. */
export const frames = expectationKind({
  options: z
    .strictObject({
      of: deedSchema.meta({ title: 'Of', description: 'What is counted.', examples: ['login', { say: 'AAPL' }] }),
      atLeast: bound.meta({ title: 'At least', description: 'So often or more.', examples: [1] }),
      atMost: bound.meta({ title: 'At most', description: 'So often or less.', examples: [6] }),
    })
    .refine(
      ({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined,
      'has no bound; add atLeast or atMost',
    )
    .refine(
      ({ atLeast = 0, atMost = Infinity }) => atLeast <= atMost,
      'asks for more than it allows; swap atLeast and atMost',
    )
    .meta({
      title: 'Frames',
      description: 'What clients do is done so often, over all of them.',
      examples: [
        { of: 'login', atMost: 6 },
        { of: 'ping', atLeast: 1 },
      ],
    }),
  explain: ({ of, atLeast, atMost }) => `the client does this ${bounds(atLeast, atMost)}: ${tellDeed(of)}`,
  open: ({ of, atLeast = 0, atMost = Infinity }) => {
    const watch = new DeedWatch();
    const isIt = deedTest(of);
    const lines: number[] = [];
    let total = 0;
    return {
      hear(entry, when) {
        if (!isIt(entry, watch.deedsOf(entry)) || when !== 'now') return;
        total++;
        lines.push(entry.number);
        if (lines.length > shown) lines.shift();
      },
      find() {
        const expected = `${tellDeed(of)} ${bounds(atLeast === 0 ? undefined : atLeast, atMost === Infinity ? undefined : atMost)}`;
        const seen = total === 0 ? 'never' : count(total, 'time');
        if (total > atMost) return { outcome: 'unmet', expected, seen, lines: [...lines] };
        return { outcome: total < atLeast ? 'open' : 'met', expected, seen, lines: total < atLeast ? [...lines] : [] };
      },
    };
  },
});

function bounds(atLeast: number | undefined, atMost: number | undefined): string {
  if (atMost === undefined) return `at least ${count(atLeast ?? 0, 'time')}`;
  if (atLeast === undefined) return atMost === 0 ? 'never' : `at most ${count(atMost, 'time')}`;
  return atLeast === atMost ? `exactly ${count(atMost, 'time')}` : `${atLeast} to ${count(atMost, 'time')}`;
}
