import { z } from 'zod';
import type { Nanos } from '../../market/event.ts';
import { Attendance, count, duration, expectationKind, formatDuration, Offences, spell } from './expectation.ts';

/** Shows whether a client comes back after its connection has ended, and how soon. */
export const reconnect = expectationKind({
  options: z
    .strictObject({
      within: duration.meta({
        title: 'Within',
        description: 'Time from the end of a connection to the next login, in tape time.',
        examples: ['5s'],
      }),
    })
    .meta({
      title: 'Reconnect',
      description:
        'Every client whose connection the exchange ends is logged in again in time. A connection that the client itself ends counts when it comes back.',
      examples: [{ within: '5s' }],
    }),
  explain: ({ within }) => `a client whose connection ends is logged in again within ${formatDuration(within)}`,
  open: ({ within }, { wall }) => {
    const patience = wall(within);
    const attendance = new Attendance();
    /** Entries that tell of an end that asks for a return. */
    const asks = new Set<number>();
    const late = new Offences();
    let returns = 0;
    let slowest: Nanos = 0n;
    return {
      hear(entry, when) {
        const change = attendance.hear(entry);
        if (change?.kind === 'gone' && when === 'now' && change.absence.by !== 'refused') asks.add(change.absence.line);
        if (change?.kind !== 'back') return;
        const { absence, line } = change;
        // Handed over at once, it is an end and a return in one.
        const asked = asks.delete(absence.line) || (when === 'now' && entry.kind === 'closed');
        if (!asked) return;
        const took = entry.kind === 'closed' ? 0n : entry.at - absence.since;
        returns++;
        if (took > slowest) slowest = took;
        if (took > patience)
          late.add(`${absence.who} was logged in again only after ${spell(took)}`, absence.line, line);
      },
      find(now) {
        const expected = `logged in again within ${spell(patience)} of the end of its connection`;
        const gone = attendance.absent.filter(({ line }) => asks.has(line));
        const overdue = gone.filter(({ by, since }) => by === 'exchange' && now - since > patience);
        const [first] = overdue;
        if (late.told !== undefined) return { expected, ...late.told };
        if (first !== undefined) {
          const more = overdue.length === 1 ? '' : `; ${overdue.length - 1} more like it`;
          const seen = `${first.who} is still not logged in after ${spell(now - first.since)}${more}`;
          return { outcome: 'unmet', expected, seen, lines: overdue.map(({ line }) => line) };
        }
        const waiting = gone.filter(({ by }) => by === 'exchange' || returns === 0);
        const [next] = waiting;
        if (next !== undefined) {
          const left = next.by === 'client' ? 'ended its connection itself' : 'lost its connection';
          const seen = `${next.who} ${left} ${spell(now - next.since)} ago and is not back`;
          const lines = waiting.map(({ line }) => line);
          const owed = waiting.find(({ by }) => by === 'exchange');
          return { outcome: 'open', expected, seen, lines, ...(owed && { due: owed.since + patience + 1n }) };
        }
        if (returns === 0) return { outcome: 'open', expected, seen: 'no connection has ended', lines: [] };
        const seen = `${count(returns, 'return')}, the slowest after ${spell(slowest)}`;
        return { outcome: 'met', expected, seen, lines: [] };
      },
    };
  },
});
