import { z } from 'zod';
import { Attendance, count, expectationKind, type Entry } from './expectation.ts';

/** Shows whether a client is still there when all is over, connected and subscribed: whether it survived, whichever way it chose. */
export const connected = expectationKind({
  options: z.strictObject({}).meta({
    title: 'Connected',
    description:
      'When the tape has ended, every client that ever logged in is logged in and subscribed to something; how often it reconnected does not matter.',
    examples: [{}],
  }),
  explain: () => 'a client that ever logged in is connected and subscribed when the tape ends',
  open: () => {
    const attendance = new Attendance();
    /** Numbers of the entries that tell of the logins, by session. */
    const logins = new Map<number, number>();
    let clients = 0;
    let last: { readonly missing: readonly Missing[] } | undefined;

    const missing = (): readonly Missing[] => {
      const gone = attendance.absent
        .filter(({ known }) => known)
        .map(({ who, line }) => ({ line, seen: `${who} was not connected when the tape ended` }));
      const idle = [...logins].flatMap(([session, line]) => {
        const { who, held } = attendance.presenceOf(session) ?? { who: 'a client', held: [] };
        return held.length > 0 ? [] : [{ line, seen: `${who} was connected when the tape ended, but not subscribed` }];
      });
      return [...gone, ...idle];
    };
    const mark = (entry: Entry): void => {
      if (entry.kind === 'logged-in') {
        logins.set(entry.session, entry.number);
        clients++;
      }
      if (entry.kind === 'closed') logins.delete(entry.session);
    };
    return {
      hear(entry) {
        attendance.hear(entry);
        mark(entry);
        if (entry.kind === 'deck' && entry.phase === 'ended') last ??= { missing: missing() };
      },
      find() {
        const expected = 'connected and subscribed when the tape ends';
        if (clients === 0) return { outcome: 'open', expected, seen: 'no client logged in', lines: [] };
        if (last === undefined) return { outcome: 'open', expected, seen: 'the tape has not ended', lines: [] };
        const [first] = last.missing;
        if (first !== undefined) {
          return { outcome: 'unmet', expected, seen: first.seen, lines: last.missing.map(({ line }) => line) };
        }
        const seen = clients === 1 ? 'connected all the time' : `connected, after ${count(clients, 'login')}`;
        return { outcome: 'met', expected, seen, lines: [] };
      },
    };
  },
});

interface Missing {
  readonly seen: string;
  /** Number of the journal entry that tells. */
  readonly line: number;
}
