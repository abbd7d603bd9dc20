import type { Holding } from '../../sources/source.ts';
import type { Input } from './input.ts';
import type { Done } from './work-folder.ts';

/** What an import has read. */
export interface ImportSummary {
  readonly events: number;
  readonly rejected: number;
  /** Rejected rows by reason, most frequent first. */
  readonly reasons: readonly (readonly [reason: string, rows: number])[];
  readonly inputs: readonly {
    readonly name: string;
    readonly format: string | undefined;
    readonly events: number;
    readonly rejected: number;
  }[];
  /** Inputs that an earlier, interrupted import had finished. */
  readonly resumed: number;
  readonly holdings: readonly Holding[];
  /** Names of the fields that the events have. */
  readonly fields: readonly string[];
}

/** Adds up what came of the inputs. */
export function summaryOf(inputs: readonly Input[], all: readonly Done[], resumed: number): ImportSummary {
  const reasons = new Map<string, number>();
  for (const done of all)
    for (const [reason, rows] of Object.entries(done.reasons)) reasons.set(reason, (reasons.get(reason) ?? 0) + rows);
  return {
    events: sum(all, 'events'),
    rejected: sum(all, 'rejected'),
    reasons: [...reasons].sort(([, one], [, other]) => other - one),
    inputs: all.map(({ format, events, rejected }, index) => ({
      name: inputs[index]?.name ?? '',
      format,
      events,
      rejected,
    })),
    resumed,
    fields: [...new Set(all.flatMap(({ fields }) => fields))],
    holdings: together(all.flatMap(({ holdings }) => holdings)),
  };
}

function together(holdings: readonly Holding[]): readonly Holding[] {
  const known = new Map<string, Holding>();
  for (const one of holdings) {
    const key = `${one.channel} ${one.symbol}`;
    const other = known.get(key) ?? { ...one, events: 0 };
    known.set(key, {
      ...other,
      events: other.events + one.events,
      from: one.from < other.from ? one.from : other.from,
      to: one.to > other.to ? one.to : other.to,
    });
  }
  return [...known.values()].sort((one, other) => (one.symbol < other.symbol ? -1 : Number(one.symbol > other.symbol)));
}

/** So many rows of all inputs together. */
export function sum(all: readonly Done[], what: 'events' | 'rejected'): number {
  return all.reduce((total, done) => total + done[what], 0);
}
