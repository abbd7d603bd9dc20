import { z } from 'zod';
import type { Nanos } from '../../market/event.ts';
import { milli } from '../../market/nanos.ts';
import { Attendance, count, duration, expectationKind, formatDuration, Offences, spell } from './expectation.ts';

/** A timer may ring so much early. */
const slack = 10n * milli;
const tooMany = 429;

interface Wait {
  readonly since: Nanos;
  readonly until: Nanos;
  readonly line: number;
  /** What it was told, in words. */
  readonly told: string;
}

/** Shows whether a client that is told to wait does so: who hammers on is banned for longer. */
export const retryAfter = expectationKind({
  options: z
    .strictObject({
      atLeast: duration.prefault('1s').meta({
        title: 'At least',
        description: 'How long a client waits after a 429 that does not say how long, in tape time.',
        examples: ['1s'],
      }),
    })
    .meta({
      title: 'Retry after',
      description:
        'After an answer with status 429 or a Retry-After header, to a connection or a request, the client tries again no sooner than it may. Retry-After counts as written, whatever the speed of the tape.',
      examples: [{}, { atLeast: '2s' }],
    }),
  explain: ({ atLeast }) =>
    `a client that is told to wait does so, for ${formatDuration(atLeast)} when it is not told how long`,
  open: ({ atLeast }, { wall }) => {
    const unsaid = wall(atLeast);
    const attendance = new Attendance();
    const waits = new Map<string, Wait>();
    const hasty = new Offences();
    let honoured = 0;

    const tries = (who: string, what: string, at: Nanos, line: number): void => {
      const wait = waits.get(who);
      // What was under way before the answer came cannot know of it.
      if (wait === undefined || at <= wait.since) return;
      waits.delete(who);
      if (at >= wait.until - slack) return void honoured++;
      hasty.add(`${what} again after ${spell(at - wait.since)}, ${wait.told}`, wait.line, line);
    };
    const answered = (
      who: string,
      at: Nanos,
      line: number,
      status: number | undefined,
      asked: Nanos | undefined,
    ): void => {
      if (status !== tooMany && asked === undefined) return;
      const told = asked === undefined ? 'told to wait' : `told to wait ${spell(asked)}`;
      const until = at + (asked ?? unsaid);
      const before = waits.get(who);
      waits.set(who, {
        since: at,
        until: before !== undefined && before.until > until ? before.until : until,
        line,
        told,
      });
    };
    return {
      hear(entry, when) {
        if (entry.kind === 'knocked') {
          const who = attendance.ownerOf(entry);
          if (who !== undefined) {
            tries(who, `${who} connected`, entry.at, entry.number);
            if (when === 'now') answered(who, entry.at, entry.number, entry.status, entry.retryAfter);
          }
        }
        if (entry.kind === 'asked') {
          const name = entry.client ?? 'a client without a key';
          const who = `${name} asks ${entry.exchange}`;
          tries(who, `${name} asked`, entry.at - entry.took, entry.number);
          if (when === 'now') answered(who, entry.at, entry.number, entry.status, entry.retryAfter);
        }
        attendance.hear(entry);
      },
      find(now) {
        const expected = 'no attempt before the time that the answer tells';
        if (hasty.told !== undefined) return { expected, ...hasty.told };
        const waiting = [...waits.values()].filter(({ until }) => until > now);
        const kept = honoured + waits.size - waiting.length;
        if (kept > 0) return { outcome: 'met', expected, seen: `waited ${count(kept, 'time')}`, lines: [] };
        const seen = waiting.length > 0 ? 'waits still' : 'no answer asked a client to wait';
        const [next] = waiting.map(({ until }) => until).sort((one, other) => (one < other ? -1 : 1));
        const lines = waiting.map(({ line }) => line);
        return { outcome: 'open', expected, seen, lines, ...(next !== undefined && { due: next }) };
      },
    };
  },
});
