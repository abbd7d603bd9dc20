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
  type Account,
  type Covered,
  type Entry,
  type Missed,
} from './expectation.ts';

/** Requests that are remembered; what is asked beyond them is not judged for being exact or in time. */
const mostRequests = 100_000;

type Asked = Extract<Entry, { kind: 'asked' }>;

/** Shows whether a client that missed something fetches just that from history: less is a hole, more is a bill. */
export const backfill = expectationKind({
  options: z
    .strictObject({
      within: duration.meta({
        title: 'Within',
        description:
          'Time until the last missing row is fetched, in tape time: from the login after a disconnection, or, on a connection that stayed, from the end of the step that took events from it.',
        examples: ['15s'],
      }),
      exact: z
        .literal(true)
        .optional()
        .meta({
          title: 'Exact',
          description: 'And no more than what is missing, give or take the slack.',
          examples: [true],
        }),
      slack: duration.prefault('1m').meta({
        title: 'Slack',
        description: 'How far an exact request may reach beyond what is missing on either side, in market time.',
        examples: ['1m'],
      }),
    })
    .meta({
      title: 'Backfill',
      description: 'Every row that a client was owed and not sent is fetched from history.',
      examples: [{ within: '15s' }, { within: '15s', exact: true, slack: '2m' }],
    }),
  explain: ({ within, exact, slack }) =>
    `a client fetches ${exact === true ? 'exactly ' : ''}what it missed from history within ${formatDuration(within)}${exact === true ? `, give or take ${formatDuration(slack)}` : ''}`,
  open: ({ within, exact, slack }, { wall, signal }) => {
    const patience = wall(within);
    const requests: Asked[] = [];
    /** When a client of an exchange last had cause to ask. */
    const causes = new Map<string, { readonly at: Nanos; readonly line: number }>();
    const causeOf = new Map<number, { readonly at: Nanos; readonly line: number }>();
    const attendance = new Attendance();
    /** Whom a step takes events from: they have cause to ask until it is over. */
    const victims = new Map<string, Set<string>>();
    const hasCause = (whose: Iterable<string>, entry: Entry): void => {
      for (const one of whose) causes.set(one, { at: entry.at, line: entry.number });
    };
    const struck = (entry: Extract<Entry, { kind: 'fault' }>): void => {
      if (entry.phase === 'ends') hasCause(victims.get(entry.step) ?? [], entry);
      if (entry.phase === 'ends') victims.delete(entry.step);
      const victim = entry.session === undefined ? undefined : attendance.presenceOf(entry.session);
      if (entry.phase !== 'strikes' || victim?.client === undefined) return;
      const its = victims.get(entry.step) ?? new Set();
      victims.set(entry.step, its.add(`${victim.exchange} ${victim.client}`));
      hasCause(its, entry);
    };
    return {
      hear(entry, when) {
        attendance.hear(entry);
        if (entry.kind === 'fault') struck(entry);
        if ((entry.kind === 'logged-in' || entry.kind === 'missed') && entry.client !== undefined) {
          hasCause([`${entry.exchange} ${entry.client}`], entry);
        }
        if (entry.kind !== 'asked' || when === 'before' || entry.client === undefined) return;
        if (entry.covers.length === 0 || requests.length === mostRequests) return;
        const cause = causes.get(`${entry.exchange} ${entry.client}`);
        requests.push(entry);
        if (cause !== undefined) causeOf.set(entry.number, cause);
      },
      async find(_now, ledger) {
        const expected = `everything missed is fetched within ${spell(patience)}${exact === true ? ', and nothing else' : ''}`;
        if (ledger === undefined) {
          const seen = `${count(requests.length, 'request')} for history so far`;
          return { outcome: 'open', expected, seen, lines: [] };
        }
        const accounts = await ledger.accounts(signal);
        const wrong = new Offences();
        let rows = 0;
        for (const account of accounts) {
          const its = requests.filter(
            ({ exchange, client }) => exchange === account.exchange && client === account.client,
          );
          rows += account.missed.reduce((sum, missed) => sum + missed.rows, 0);
          for (const missed of account.missed) whole(missed, account, its, wrong);
          for (const missed of account.missed) inTime(missed, account, its);
        }
        function inTime(missed: Missed, { client }: Account, its: readonly Asked[]): void {
          const last = its.find(
            (one, at) => reaches(missed, its.slice(0, at + 1)) && one.covers.some((part) => meets(part, missed)),
          );
          const cause = last === undefined ? undefined : causeOf.get(last.number);
          if (last === undefined || cause === undefined || last.at - cause.at <= patience) return;
          wrong.add(
            `${client} fetched ${tell(missed)} only after ${spell(last.at - cause.at)}`,
            cause.line,
            last.number,
          );
        }
        if (exact === true) for (const request of requests) wrongIfMore(request, accounts, slack, wrong);
        if (wrong.told !== undefined) return { expected, ...wrong.told };
        if (rows === 0) return { outcome: 'open', expected, seen: 'no client missed anything', lines: [] };
        return { outcome: 'met', expected, seen: `${count(rows, 'row')} missed, all fetched`, lines: [] };
      },
    };
  },
});

/** Is every row of it fetched? */
function whole(missed: Missed, { client }: Account, its: readonly Asked[], wrong: Offences): void {
  if (missed.fetched >= missed.rows) return;
  const lines = its.filter(({ covers }) => covers.some((part) => meets(part, missed))).map(({ number }) => number);
  const some = missed.fetched === 0 ? 'never fetched' : `fetched only ${missed.fetched} of`;
  wrong.add(`${client} ${some} ${tell(missed)}, which it missed because ${missed.why}`, ...lines);
}

/** Reaches a request beyond what its client missed? */
function wrongIfMore(request: Asked, accounts: readonly Account[], slack: Nanos, wrong: Offences): void {
  const { exchange, client, number } = request;
  const missed = accounts
    .filter((account) => account.exchange === exchange && account.client === client)
    .flatMap((account) => account.missed);
  for (const part of request.covers) {
    const near = missed.filter((one) => meets(part, { ...one, from: one.from - slack, to: one.to + slack }));
    const from = near.reduce<Nanos | undefined>(
      (least, one) => (least === undefined || one.from < least ? one.from : least),
      undefined,
    );
    const to = near.reduce<Nanos | undefined>(
      (most, one) => (most === undefined || one.to > most ? one.to : most),
      undefined,
    );
    const what = `${count(part.rows, 'row')} of ${part.symbol} (${part.channel})`;
    if (from === undefined || to === undefined) {
      wrong.add(`${client} asked for ${what} though it missed none there`, number);
      continue;
    }
    const before = from - slack - part.from;
    const after = part.to - to - slack;
    const beyond = before > after ? before : after;
    if (beyond > 0n)
      wrong.add(`${client} asked for ${what} that reach ${spell(beyond + slack)} beyond what it missed`, number);
  }
}

const meets = (part: Pick<Covered, 'market' | 'symbol' | 'channel' | 'from' | 'to'>, missed: Missed): boolean =>
  part.market === missed.market &&
  part.symbol === missed.symbol &&
  part.channel === missed.channel &&
  part.from <= missed.to &&
  part.to >= missed.from;

/** Do these requests together reach from its first row to its last? */
function reaches(missed: Missed, requests: readonly Asked[]): boolean {
  const parts = requests.flatMap(({ covers }) => covers.filter((part) => meets(part, missed)));
  return parts.some(({ from }) => from <= missed.from) && parts.some(({ to }) => to >= missed.to);
}

const tell = ({ rows, symbol, channel }: Missed): string => `${count(rows, 'row')} of ${symbol} (${channel})`;
