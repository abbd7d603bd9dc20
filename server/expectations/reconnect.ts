import { z } from 'zod';
import type { Nanos } from '../../market/event.ts';
import { duration, type Entry, expectationKind, formatDuration } from './expectation.ts';

/** A client that lost its connection comes back and logs in. */
export const reconnect = expectationKind({
  options: z
    .strictObject({
      within: duration.meta({
        title: 'Within',
        description: 'Time from the end of a connection to the next login.',
        examples: ['5s'],
      }),
    })
    .meta({
      title: 'Reconnect',
      description: 'Every client whose connection ends is logged in again in time.',
      examples: [{ within: '5s' }],
    }),
  explain: ({ within }) => `a client whose connection ends is logged in again within ${formatDuration(within)}`,
  open: ({ within }, { wall }) => {
    const patience = wall(within);
    /** Connections that have ended, by client; those that are back are settled. */
    const gone = new Map<string, Extract<Entry, { kind: 'closed' }>>();
    let slowest: Nanos = -1n;
    const late: { readonly lines: readonly number[]; readonly seen: string }[] = [];
    const settle = (from: Entry, until: Nanos, lines: readonly number[], what: string): void => {
      const took = until - from.at;
      if (took > slowest) slowest = took;
      if (took > patience) late.push({ lines, seen: `${what} ${formatDuration((took / 1_000_000n) * 1_000_000n)}` });
    };
    return {
      hear(entry) {
        if (entry.kind === 'closed' && entry.client !== undefined) gone.set(entry.client, entry);
        if (entry.kind !== 'logged-in' || entry.client === undefined) return;
        const before = gone.get(entry.client);
        if (before === undefined) return;
        gone.delete(entry.client);
        settle(before, entry.at, [before.number, entry.number], 'logged in again after');
      },
      find(now) {
        const expected = `logged in again within ${formatDuration(within)}`;
        for (const before of gone.values()) {
          if (now - before.at > patience) settle(before, now, [before.number], 'still gone after');
        }
        const [first] = late;
        if (first !== undefined) return { outcome: 'unmet', expected, ...first };
        if (gone.size > 0) {
          const lines = [...gone.values()].map(({ number }) => number);
          return { outcome: 'open', expected, seen: 'gone, and not back yet', lines };
        }
        if (slowest < 0n) return { outcome: 'open', expected, seen: 'no connection has ended', lines: [] };
        return {
          outcome: 'met',
          expected,
          seen: `back after ${formatDuration((slowest / 1_000_000n) * 1_000_000n)} at most`,
          lines: [],
        };
      },
    };
  },
});
