import { z } from 'zod';
import type { Nanos } from '../../market/event.ts';
import {
  Attendance,
  count,
  duration,
  expectationKind,
  formatDuration,
  Offences,
  spell,
  type Absence,
  type Entry,
} from './expectation.ts';

type List = Absence['held'];

/** What a client is to hold again, and since when. */
interface Debt {
  readonly who: string;
  readonly wanted: ReadonlySet<string>;
  readonly since: Nanos;
  readonly line: number;
}

/** Shows whether a client that lost its connection hears again all that it heard before: a forgotten symbol is silent for ever. */
export const resubscribe = expectationKind({
  options: z
    .strictObject({
      within: duration.meta({
        title: 'Within',
        description: 'Time from the end of a connection until the client holds the same again, in tape time.',
        examples: ['5s'],
      }),
      same: z
        .boolean()
        .default(true)
        .meta({
          title: 'Same',
          description: 'Exactly what it held before; when false, it may hold more.',
          examples: [true],
        }),
    })
    .meta({
      title: 'Resubscribe',
      description: 'Every client whose connection ends is subscribed to the same as before in time.',
      examples: [{ within: '5s' }, { within: '5s', same: false }],
    }),
  explain: ({ within, same }) =>
    `a client whose connection ends is subscribed to ${same ? 'the same' : 'at least the same'} within ${formatDuration(within)}`,
  open: ({ within, same }, { wall }) => {
    const patience = wall(within);
    const attendance = new Attendance();
    const asks = new Set<number>();
    /** What ended when it was not yet held again: the next connection owes it. */
    const carried = new Map<string, ReadonlySet<string>>();
    const debts = new Map<number, Debt>();
    const late = new Offences();
    let settled = 0;
    let slowest: Nanos = 0n;

    const settle = (session: number, at: Nanos, line: number): void => {
      const debt = debts.get(session);
      if (debt === undefined || difference(debt.wanted, attendance.heldBy(session), same) !== undefined) return;
      debts.delete(session);
      settled++;
      const took = at > debt.since ? at - debt.since : 0n;
      if (took > slowest) slowest = took;
      if (took > patience) late.add(`${debt.who} held the same again only after ${spell(took)}`, debt.line, line);
    };
    const ended = (entry: Extract<Entry, { kind: 'closed' }>): void => {
      const debt = debts.get(entry.session);
      debts.delete(entry.session);
      if (debt !== undefined) carried.set(debt.who, debt.wanted);
    };
    return {
      hear(entry, when) {
        if (entry.kind === 'closed') ended(entry);
        const change = attendance.hear(entry);
        if (change?.kind === 'gone' || change?.kind === 'back') {
          const { who, held, line, since } = change.absence;
          const wanted = carried.get(who) ?? setOf(held);
          const counts = entry.kind === 'closed' && (when === 'now' || carried.has(who));
          if (counts && wanted.size > 0) asks.add(line);
          if (change.kind === 'back' && asks.delete(line)) {
            carried.delete(who);
            debts.set(change.session, { who, wanted, since, line });
            settle(change.session, entry.at, entry.number);
          }
        }
        if (entry.kind === 'subscribed') settle(entry.session, entry.at, entry.number);
      },
      find(now) {
        const expected = `subscribed to ${same ? 'the same' : 'at least the same'} as before within ${spell(patience)} of the end of its connection`;
        if (late.told !== undefined) return { expected, ...late.told };
        const open = [
          ...[...debts].map(([session, { who, wanted, since, line }]) => {
            const lacks = difference(wanted, attendance.heldBy(session), same) ?? '';
            return { since, line, must: true, seen: `${who} is back but ${lacks}` };
          }),
          ...attendance.absent
            .filter(({ line }) => asks.has(line))
            .map(({ who, since, line, by }) => ({ since, line, must: by === 'exchange', seen: `${who} is not back` })),
        ];
        const overdue = open.filter(({ since, must }) => must && now - since > patience);
        const waiting = open.filter(({ must }) => must || settled === 0);
        const [first] = overdue.length > 0 ? overdue : waiting;
        if (first !== undefined) {
          const lines = (overdue.length > 0 ? overdue : waiting).map(({ line }) => line);
          const seen = `${first.seen}, ${spell(now - first.since)} after the end of its connection`;
          if (overdue.length > 0) return { outcome: 'unmet', expected, seen, lines };
          const owed = waiting.find(({ must }) => must);
          return { outcome: 'open', expected, seen, lines, ...(owed && { due: owed.since + patience + 1n }) };
        }
        if (settled === 0) {
          return {
            outcome: 'open',
            expected,
            seen: 'no connection that was subscribed to anything has ended',
            lines: [],
          };
        }
        const seen = `${count(settled, 'time')}, the slowest after ${spell(slowest)}`;
        return { outcome: 'met', expected, seen, lines: [] };
      },
    };
  },
});

const setOf = (list: List): ReadonlySet<string> =>
  new Set(list.flatMap(({ channel, symbols }) => symbols.map((symbol) => `${channel} ${symbol}`)));

/** What keeps it from being the same, in words; absent when nothing does. */
function difference(wanted: ReadonlySet<string>, held: List, same: boolean): string | undefined {
  const now = setOf(held);
  const lacks = [...wanted].filter((one) => !now.has(one));
  if (lacks.length > 0) return `without ${some(lacks)}`;
  const extra = same ? [...now].filter((one) => !wanted.has(one)) : [];
  return extra.length > 0 ? `with ${some(extra)} besides` : undefined;
}

const some = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
