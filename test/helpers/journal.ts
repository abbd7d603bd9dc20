import type { Channel, Nanos } from '../../market/event.ts';
import { millis } from '../../market/nanos.ts';
import { expectationSchema } from '../../server/expectations/index.ts';
import type { Covered, Entry, Happened } from '../../server/journal-entry.ts';
import type { Account, Ledger, Missed, Row } from '../../server/ledger.ts';
import type { Expect } from '../../server/scenario/steps.ts';
import { Judge, type Standing } from '../../server/verdict.ts';

/** A happening and the millisecond of the wall clock at which it is noted. */
export type Line = readonly [at: number, happened: Happened];

const contact = (session: number, client: string | undefined, path = '/v2/iex') => ({
  session,
  client,
  exchange: 'alpaca',
  path,
});

/** Words for what a journal notes, as short as tables need them. `client`: absent before it has logged in. */
export const knock = (session: number, status: number | undefined = 101, retryAfter?: Nanos): Happened => ({
  kind: 'knocked',
  status,
  ...(retryAfter === undefined ? {} : { retryAfter }),
  ...contact(session, undefined),
});
export const login = (session: number, client = 'A'): Happened => ({ kind: 'logged-in', ...contact(session, client) });
export const heard = (session: number, text: string, does?: 'login' | 'subscribe', client?: string): Happened => ({
  kind: 'heard',
  text,
  ...(does === undefined ? {} : { does }),
  ...contact(session, client),
});
export const pong = (session: number, client = 'A'): Happened => ({ kind: 'pong', ...contact(session, client) });
export const holds = (
  session: number,
  symbols: readonly string[],
  client = 'A',
  channel: Channel = 'trade',
): Happened => ({
  kind: 'subscribed',
  list: symbols.length === 0 ? [] : [{ channel, symbols }],
  ...contact(session, client),
});
export const closed = (session: number, by: 'client' | 'exchange', client: string | null = 'A'): Happened => ({
  kind: 'closed',
  by,
  code: 1006,
  ...contact(session, client ?? undefined),
});
export const lost = (session: number, fault: string, client = 'A'): Happened => ({
  kind: 'missed',
  from: 1,
  to: 9,
  events: 9,
  bytes: 0,
  fault,
  ...contact(session, client),
});
export const asked = (covers: readonly Covered[] = [], status = 200, client = 'A', retryAfter?: Nanos): Happened => ({
  kind: 'asked',
  exchange: 'alpaca',
  url: '/v2/stocks/AAPL/trades?start=1',
  client,
  status,
  took: millis(1),
  covers,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});
export const step = (name: string, phase: 'begins' | 'strikes' | 'ends', session?: number): Happened => ({
  kind: 'fault',
  step: name,
  phase,
  name: 'mute',
  ...(session === undefined ? {} : { session }),
});

export function entriesOf(lines: readonly Line[]): Entry[] {
  return lines.map(([at, happened], index) => ({
    number: index + 1,
    at: millis(at),
    elapsed: millis(at),
    market: millis(at),
    ...happened,
  }));
}

/** Part of an expectation of a scenario, and of the run it is judged in. */
export interface Case {
  readonly must: object;
  readonly lines: readonly Line[];
  /** The end of the run, in milliseconds; that of the last line when absent. */
  readonly now?: number;
  readonly expect?: Partial<Expect>;
  readonly ledger?: Ledger;
  /** How much faster than real time the tape plays. */
  readonly speed?: number;
  readonly directory?: string;
}

export function expectOf({ must, expect = {} }: Pick<Case, 'must' | 'expect'>): Expect {
  return { id: 'E', must: expectationSchema.parse(must), severity: 'error', ...expect };
}

export function judgeOf(expects: readonly Expect[], speed = 1, directory = '.'): Judge {
  return new Judge(expects, {
    wall: (span) => span / BigInt(speed),
    directory,
    signal: new AbortController().signal,
    labelOf: (key) => key,
  });
}

/** How an expectation stands after these lines; once the run is over, when there is a ledger. */
export async function judged(one: Case): Promise<Standing> {
  const judge = judgeOf([expectOf(one)], one.speed, one.directory);
  const entries = entriesOf(one.lines);
  for (const entry of entries) judge.hear(entry);
  const now = one.now === undefined ? (entries.at(-1)?.at ?? 0n) : millis(one.now);
  const standings =
    one.ledger === undefined ? await judge.standings(now) : (await judge.verdict(now, one.ledger)).findings;
  const [standing] = standings;
  if (standing === undefined) throw new Error('no standing for the one expectation there is');
  return standing;
}

/** A ledger of accounts made by hand. */
export function ledgerOf(
  ...accounts: readonly { client?: string; rows?: readonly Row[]; missed?: readonly Missed[] }[]
): Ledger {
  const whole = accounts.map(({ client = 'A', rows = [], missed = [] }): Account => {
    return {
      exchange: 'alpaca',
      path: '/v2/iex',
      client,
      owed: rows.length,
      missed,
      async *rows() {
        yield* rows;
      },
    };
  });
  return { accounts: async () => whole };
}
