import { z } from 'zod';
import { deedSchema, deedTest, DeedWatch, expectationKind, Offences, tellDeed } from './expectation.ts';

/** Characters of a message that a finding shows. */
const shown = 120;

/** Shows whether a client keeps from what it must not do: asking on with a dead key, subscribing in a storm, trading on a stale feed. */
export const never = expectationKind({
  options: z
    .strictObject({
      of: deedSchema.meta({
        title: 'Of',
        description: 'What must not be done.',
        examples: ['unsubscribe', { say: 'FAKE' }],
      }),
    })
    .meta({
      title: 'Never',
      description: 'No client does this; with after, never from that step on.',
      examples: [{ of: 'login' }, { of: { say: '"\\*"' } }],
    }),
  explain: ({ of }) => `the client never does this: ${tellDeed(of)}`,
  open: ({ of }) => {
    const watch = new DeedWatch();
    const isIt = deedTest(of);
    const done = new Offences();
    return {
      hear(entry, when) {
        if (!isIt(entry, watch.deedsOf(entry)) || when !== 'now') return;
        const who = 'client' in entry && entry.client !== undefined ? entry.client : 'a client that has not logged in';
        const said = entry.kind === 'heard' ? entry.text : entry.kind === 'asked' ? entry.url : undefined;
        const words = said === undefined ? '' : `: ${said.length > shown ? `${said.slice(0, shown)}…` : said}`;
        done.add(`${who} did it${words}`, entry.number);
      },
      find() {
        const expected = `never ${tellDeed(of)}`;
        return { expected, ...(done.told ?? { outcome: 'met', seen: 'never', lines: [] }) };
      },
    };
  },
});
