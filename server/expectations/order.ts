import { z } from 'zod';
import {
  count,
  deedSchema,
  deedTest,
  DeedWatch,
  expectationKind,
  Offences,
  tellDeed,
  type Entry,
} from './expectation.ts';

interface Progress {
  /** Which deeds of the list were done, by their place. */
  readonly done: Set<number>;
  /** Has it counted as complete? */
  complete: boolean;
}

/** Shows whether a client does first things first: who subscribes before it is logged in, or asks for history before it hears the stream, loses rows. */
export const order = expectationKind({
  options: z
    .strictObject({
      of: z
        .array(deedSchema)
        .min(2)
        .meta({
          title: 'Of',
          description: 'What is done, first to last.',
          examples: [['login', 'subscribe', 'request']],
        }),
    })
    .meta({
      title: 'Order',
      description:
        'On every connection these are done in this order: none before all that stand before it were done once. A request belongs to the newest connection of its client.',
      examples: [{ of: ['login', 'subscribe'] }],
    }),
  explain: ({ of }) => `on every connection the client does this in order: ${of.map(tellDeed).join(', ')}`,
  open: ({ of }) => {
    const watch = new DeedWatch();
    const tests = of.map(deedTest);
    const connections = new Map<number, Progress>();
    /** The newest connection of each client of an exchange. */
    const newest = new Map<string, number>();
    const early = new Offences();
    let completed = 0;

    const sessionOf = (entry: Entry): number | undefined => {
      if (entry.kind === 'asked') return newest.get(`${entry.exchange} ${entry.client ?? ''}`);
      return 'path' in entry ? entry.session : undefined;
    };
    const advance = (entry: Entry, progress: Progress, judged: boolean): void => {
      const names = watch.deedsOf(entry);
      const place = tests.findIndex((isIt, at) => !progress.done.has(at) && isIt(entry, names));
      if (place < 0) return;
      const lacking = of.filter((_, at) => at < place && !progress.done.has(at));
      progress.done.add(place);
      const deed = of[place];
      if (lacking.length > 0 && judged && deed !== undefined) {
        early.add(`${tellDeed(deed)} came before ${lacking.map(tellDeed).join(', ')}`, entry.number);
      }
      if (progress.done.size < of.length || progress.complete) return;
      progress.complete = true;
      if (judged) completed++;
    };
    return {
      hear(entry, when) {
        const session = sessionOf(entry);
        if (session === undefined) return;
        if (entry.kind === 'logged-in') newest.set(`${entry.exchange} ${entry.client ?? ''}`, session);
        const progress = connections.get(session) ?? { done: new Set(), complete: false };
        connections.set(session, progress);
        advance(entry, progress, when === 'now');
        const over =
          entry.kind === 'closed' || entry.kind === 'moved' || (entry.kind === 'knocked' && entry.status !== 101);
        if (over) connections.delete(session);
      },
      find() {
        const expected = `in this order on every connection: ${of.map(tellDeed).join(', ')}`;
        if (early.told !== undefined) return { expected, ...early.told };
        if (completed > 0) {
          return { outcome: 'met', expected, seen: `in order on ${count(completed, 'connection')}`, lines: [] };
        }
        return { outcome: 'open', expected, seen: 'no connection did all of it', lines: [] };
      },
    };
  },
});
