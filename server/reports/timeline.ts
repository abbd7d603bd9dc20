import { labelled } from '../evidence/attendance.ts';
import type { Nanos } from '../../market/event.ts';
import type { Entry } from '../journal-entry.ts';
import type { RunFacts } from './run-facts.ts';

/** Where something lies on the drawing: 0 = the run's beginning, 1 = its end. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** One step while it lasts. */
export interface Band extends Stretch {
  readonly step: string;
  readonly name: string;
  readonly began: Nanos;
  readonly took: Nanos;
  /** The run was over first. */
  readonly goesOn: boolean;
}

/** One connection. */
export interface Stay extends Stretch {
  readonly session: number;
  /** When it was logged in. */
  readonly login: number | undefined;
  readonly end: Extract<Entry, { kind: 'closed' | 'moved' }> | undefined;
  /** While a fault held it. */
  readonly struck: readonly (Stretch & { readonly step: string })[];
  readonly missed: readonly { readonly at: number; readonly events: number }[];
}

/** A moment worth a mark. */
export interface Mark {
  readonly at: number;
  readonly entry: Extract<Entry, { kind: 'knocked' | 'asked' }>;
}

/** Everything of one client. */
export interface Lane {
  readonly who: string;
  /** Connections that do not overlap share a row. */
  readonly rows: readonly (readonly Stay[])[];
  /** Attempts that were not let in. */
  readonly refused: readonly Mark[];
  readonly requests: readonly Mark[];
}

export interface Timeline {
  readonly took: Nanos;
  readonly bands: readonly Band[];
  readonly lanes: readonly Lane[];
}

interface Open {
  readonly session: number;
  readonly place: string;
  readonly from: number;
  client: string | undefined;
  login: number | undefined;
  end: Stay['end'];
  to: number;
  readonly struck: { from: number; to: number; readonly step: string }[];
  readonly missed: { readonly at: number; readonly events: number }[];
}

/** What a run's drawing shows, from its journal. */
export function timelineOf({ entries, started, ended }: RunFacts): Timeline {
  const took = ended > started ? ended - started : 1n;
  const share = (at: Nanos): number => Math.min(1, Math.max(0, Number(((at - started) * 1_000_000n) / took) / 1e6));
  const bands: Band[] = [];
  const begun = new Map<string, Extract<Entry, { kind: 'fault' }>>();
  const stays = new Map<number, Open>();
  const marks: Mark[] = [];

  const stayOf = (entry: Extract<Entry, { readonly path: string }>): Open => {
    const { session, exchange, path, client } = entry;
    const known = stays.get(session);
    if (known !== undefined) return known;
    const place = `${exchange}${path}`;
    const from = share(entry.at);
    const fresh: Open = {
      session,
      place,
      from,
      client,
      login: undefined,
      end: undefined,
      to: 1,
      struck: [],
      missed: [],
    };
    stays.set(session, fresh);
    return fresh;
  };
  const faulty = (entry: Extract<Entry, { kind: 'fault' }>): void => {
    const at = share(entry.at);
    if (entry.phase === 'begins') begun.set(entry.step, entry);
    if (entry.phase === 'strikes' && entry.session !== undefined) {
      const stay = stays.get(entry.session);
      if (stay?.struck.at(-1)?.step !== entry.step) stay?.struck.push({ from: at, to: 1, step: entry.step });
    }
    if (entry.phase !== 'ends') return;
    const first = begun.get(entry.step) ?? entry;
    begun.delete(entry.step);
    bands.push(bandOf(first, entry.at, false));
    for (const { struck } of stays.values())
      for (const one of struck) if (one.step === entry.step && one.to === 1) one.to = at;
  };
  const bandOf = (first: Extract<Entry, { kind: 'fault' }>, until: Nanos, goesOn: boolean): Band => ({
    step: first.step,
    name: first.name,
    from: share(first.at),
    to: share(until),
    began: first.at - started,
    took: until - first.at,
    goesOn,
  });
  for (const entry of entries) {
    if (entry.kind === 'fault') faulty(entry);
    else if (entry.kind === 'asked') marks.push({ at: share(entry.at), entry });
    else if (entry.kind === 'knocked' && entry.status !== 101) marks.push({ at: share(entry.at), entry });
    else if (entry.kind !== 'deck') {
      const stay = stayOf(entry);
      if (entry.client !== undefined) stay.client = entry.client;
      if (entry.kind === 'logged-in') stay.login = share(entry.at);
      if (entry.kind === 'missed') stay.missed.push({ at: share(entry.at), events: entry.events });
      if (entry.kind !== 'closed' && entry.kind !== 'moved') continue;
      stay.end = entry;
      stay.to = share(entry.at);
      for (const one of stay.struck) if (one.to > stay.to) one.to = stay.to;
    }
  }
  for (const first of begun.values()) bands.push(bandOf(first, ended, true));
  bands.sort((left, right) => left.from - right.from);
  return { took, bands, lanes: lanesOf([...stays.values()], marks) };
}

/** One lane a client. Who never said who it is shares the lane of the one client of its path who was gone then, or who is the only one. */
function lanesOf(stays: readonly Open[], marks: readonly Mark[]): readonly Lane[] {
  const lanes = new Map<string, { stays: Open[]; refused: Mark[]; requests: Mark[] }>();
  const laneOf = (client: string | undefined, place: string) => {
    const who = labelled(client, place);
    const lane = lanes.get(who) ?? { stays: [], refused: [], requests: [] };
    lanes.set(who, lane);
    return lane;
  };
  const guess = (place: string, at: number): string | undefined => {
    const its = stays.filter((stay) => stay.place === place);
    const known = [...new Set(its.flatMap(({ client }) => client ?? []))];
    const gone = known.filter((one) => !its.some(({ client, from, to }) => client === one && from < at && to > at));
    return known.length === 1 ? known[0] : gone.length === 1 ? gone[0] : undefined;
  };
  for (const stay of stays) laneOf(stay.client ?? guess(stay.place, stay.from), stay.place).stays.push(stay);
  for (const mark of marks) {
    const { at, entry } = mark;
    if (entry.kind === 'knocked') {
      const place = `${entry.exchange}${entry.path}`;
      laneOf(entry.client ?? guess(place, at), place).refused.push(mark);
    } else {
      const home = stays.find(({ client, place }) => client === entry.client && place.startsWith(`${entry.exchange}/`));
      laneOf(entry.client, home?.place ?? `${entry.exchange} (history)`).requests.push(mark);
    }
  }
  return [...lanes].map(([who, { stays: its, refused, requests }]) => ({ who, rows: rowsOf(its), refused, requests }));
}

function rowsOf(stays: readonly Open[]): readonly (readonly Stay[])[] {
  const rows: Open[][] = [];
  for (const stay of stays) {
    const free = rows.find((row) => (row.at(-1)?.to ?? 0) <= stay.from && row.at(-1)?.end !== undefined);
    if (free === undefined) rows.push([stay]);
    else free.push(stay);
  }
  return rows;
}
