import { z } from 'zod';
import type { Nanos } from '../../market/event.ts';
import {
  Attendance,
  count,
  duration,
  expectationKind,
  formatDuration,
  isContact,
  Offences,
  placeOf,
  spell,
  type Entry,
} from './expectation.ts';

interface Silence {
  readonly session: number;
  readonly step: string;
  readonly who: string;
  readonly place: string;
  readonly exchange: string;
  readonly client: string | undefined;
  readonly since: Nanos;
  readonly line: number;
}

/** Shows whether a client notices that a connection which looks healthy brings nothing any more: no vendor's SDK does. */
export const staleness = expectationKind({
  options: z
    .strictObject({
      within: duration.meta({
        title: 'Within',
        description:
          'Time from the first moment its data is held back until the client does something about it, in tape time.',
        examples: ['20s'],
      }),
    })
    .meta({
      title: 'Staleness',
      description:
        'A client whose data is held back notices in time: it closes the connection, connects anew, or asks for history. Use it after the step that mutes.',
      examples: [{ within: '20s' }],
    }),
  explain: ({ within }) => `a client whose data is held back notices within ${formatDuration(within)}`,
  open: ({ within }, { wall, step }) => {
    const patience = wall(within);
    const attendance = new Attendance();
    /** Connections that a step holds, by session; those that hear nothing anyway wait here until they subscribe. */
    const struck = new Map<number, string>();
    const silences = new Map<number, Silence>();
    const judged = new Set<string>();
    const late = new Offences();
    let noticed = 0;
    let excused = 0;
    let slowest: Nanos = 0n;

    const over = (silence: Silence, at: Nanos, line: number | undefined): void => {
      silences.delete(silence.session);
      const took = at - silence.since;
      if (line === undefined && took <= patience) return void excused++;
      if (line !== undefined) noticed++;
      if (line !== undefined && took > slowest) slowest = took;
      if (took <= patience) return;
      const what = line === undefined ? `did not notice for ${spell(took)}` : `noticed only after ${spell(took)}`;
      late.add(`${silence.who} ${what}`, silence.line, ...(line === undefined ? [] : [line]));
    };
    const begin = (entry: Entry, session: number, by: string): void => {
      const at = attendance.presenceOf(session);
      if (silences.has(session) || judged.has(`${by} ${session}`) || at === undefined) return;
      // Who has subscribed to nothing hears nothing anyway.
      if (entry.kind !== 'missed' && at.held.length === 0) return;
      judged.add(`${by} ${session}`);
      const { who, place, exchange, client } = at;
      silences.set(session, { session, step: by, who, place, exchange, client, since: entry.at, line: entry.number });
    };
    const notice = (entry: Entry, is: (silence: Silence) => boolean): void => {
      for (const silence of silences.values()) if (is(silence)) over(silence, entry.at, entry.number);
    };
    const faulty = (entry: Extract<Entry, { kind: 'fault' }>): void => {
      if (step === undefined || entry.step !== step) {
        if (entry.phase !== 'ends') return;
      } else if (entry.phase === 'strikes' && entry.session !== undefined) struck.set(entry.session, entry.step);
      if (entry.phase !== 'ends') return;
      for (const silence of silences.values()) if (silence.step === entry.step) over(silence, entry.at, undefined);
      for (const [session, by] of struck) if (by === entry.step) struck.delete(session);
    };
    const left = (entry: Extract<Entry, { kind: 'closed' }>): void => {
      const silence = silences.get(entry.session);
      struck.delete(entry.session);
      if (silence === undefined) return;
      if (entry.by === 'client') over(silence, entry.at, entry.number);
      else over(silence, entry.at, undefined);
    };
    return {
      hear(entry, when) {
        const owner = entry.kind === 'knocked' ? entry.client : undefined;
        attendance.hear(entry);
        if (entry.kind === 'fault') faulty(entry);
        else if (entry.kind === 'closed') left(entry);
        else if (entry.kind === 'asked') {
          const { exchange, client, covers, status } = entry;
          const isHistory = covers.length > 0 || status === 0 || status >= 400;
          if (isHistory) notice(entry, (one) => one.exchange === exchange && one.client === client);
        } else if (entry.kind === 'knocked' || entry.kind === 'logged-in') {
          const place = placeOf(entry);
          const here = [...silences.values()].filter((one) => one.place === place && one.session !== entry.session);
          const client = owner ?? entry.client;
          notice(
            entry,
            (one) => here.includes(one) && (client === undefined ? here.length === 1 : one.client === client),
          );
        }
        if (when !== 'now') return;
        if (isContact(entry) && entry.kind === 'missed' && entry.fault !== undefined) {
          if (step === undefined || entry.fault === step) begin(entry, entry.session, entry.fault);
        }
        const session = 'session' in entry ? entry.session : undefined;
        const by = session === undefined ? undefined : struck.get(session);
        const tells = entry.kind === 'fault' || entry.kind === 'subscribed';
        if (tells && session !== undefined && by !== undefined) begin(entry, session, by);
      },
      find(now) {
        const expected = `closes, connects anew or asks for history within ${spell(patience)} of the last data`;
        if (late.told !== undefined) return { expected, ...late.told };
        const pending = [...silences.values()];
        const overdue = pending.filter(({ since }) => now - since > patience);
        const [first] = overdue.length > 0 ? overdue : pending;
        if (first !== undefined) {
          const seen = `${first.who} has not noticed for ${spell(now - first.since)}`;
          const lines = (overdue.length > 0 ? overdue : pending).map(({ line }) => line);
          if (overdue.length > 0) return { outcome: 'unmet', expected, seen, lines };
          return { outcome: 'open', expected, seen, lines, due: first.since + patience + 1n };
        }
        if (noticed > 0) {
          const seen = `noticed ${count(noticed, 'time')}, the slowest after ${spell(slowest)}`;
          return { outcome: 'met', expected, seen, lines: [] };
        }
        const seen = excused > 0 ? 'the silence was over before its time' : 'no data was held back from a client';
        return { outcome: 'open', expected, seen, lines: [] };
      },
    };
  },
});
