import { z } from 'zod';
import type { Nanos } from '../../../market/event.ts';
import { milli } from '../../../market/nanos.ts';
import { Attendance, count, duration, expectationKind, formatDuration, Offences, spell } from '../expectation.ts';
import { enough, grown, isSteady, type Chain } from './chain.ts';

/** Chains, and delays of one, that are kept. */
const mostChains = 200;
const mostDelays = 1000;
/** A timer may ring, and an end may be noted, so much off; never more than a tenth of the floor. */
const slack = 10n * milli;

interface Growing {
  readonly who: string;
  readonly delays: { readonly span: Nanos; readonly line: number }[];
}

/** Shows whether a client that is turned away waits longer each time, and not in step with all the others: storms of clients keep a vendor down. */
export const backoff = expectationKind({
  options: z
    .strictObject({
      floor: duration.optional().meta({
        title: 'Floor',
        description: 'No attempt comes sooner after an end than this, in tape time.',
        examples: ['500ms'],
      }),
      grows: z
        .literal(true)
        .optional()
        .meta({
          title: 'Grows',
          description: 'While attempts fail, later delays are at least half as long again as the first.',
          examples: [true],
        }),
      jitter: z
        .literal(true)
        .optional()
        .meta({
          title: 'Jitter',
          description: 'Delays are not those of a fixed plan, so that clients do not all come back at once.',
          examples: [true],
        }),
    })
    .refine(({ floor, grows, jitter }) => floor !== undefined || grows === true || jitter === true, {
      error: 'asks for nothing; add floor, grows or jitter',
    })
    .meta({
      title: 'Backoff',
      description:
        'How long clients wait between the end of a connection and each attempt, until they are logged in again.',
      examples: [{ floor: '500ms', grows: true, jitter: true }],
    }),
  explain: (options) => `the delays between a client’s attempts ${wishes(options, (floor) => formatDuration(floor))}`,
  open: ({ floor, grows, jitter }, { wall }) => {
    const least = floor === undefined ? undefined : wall(floor);
    const attendance = new Attendance();
    const ends = new Map<string, { readonly at: Nanos; readonly line: number }>();
    const growing = new Map<string, Growing>();
    const finished: Chain[] = [];
    const hasty = new Offences();
    let delays = 0;
    let shortest: Nanos | undefined;
    let unclear = 0;

    const attempt = (at: Nanos, line: number, who: string | undefined): void => {
      if (who === undefined) return void unclear++;
      const end = ends.get(who);
      ends.delete(who);
      if (end === undefined) return;
      const span = at - end.at;
      const chain = growing.get(who) ?? { who, delays: [] };
      growing.set(who, chain);
      if (chain.delays.length < mostDelays) chain.delays.push({ span, line });
      delays++;
      if (shortest === undefined || span < shortest) shortest = span;
      if (least === undefined || span >= least - (least / 10n < slack ? least / 10n : slack)) return;
      hasty.add(`${who} tried again after ${spell(span)}`, end.line, line);
    };
    const done = (who: string): void => {
      const chain = growing.get(who);
      growing.delete(who);
      ends.delete(who);
      if (chain !== undefined && finished.length < mostChains) finished.push(chain);
    };
    return {
      hear(entry, when) {
        if (entry.kind === 'knocked') attempt(entry.at, entry.number, attendance.ownerOf(entry));
        const change = attendance.hear(entry);
        if (change === undefined || change.absence === undefined) return;
        const { who, known, by } = change.absence;
        if (change.kind === 'back') return done(who);
        // Who leaves of its own accord may come back at once.
        if (change.kind === 'gone' && known && by === 'client') return;
        if (when === 'now') ends.set(who, { at: entry.at, line: entry.number });
      },
      find() {
        const expected = `delays between attempts that ${wishes({ floor: least, grows, jitter }, spell)}`;
        const chains: readonly Chain[] = [...finished, ...growing.values()].filter((chain) => chain.delays.length > 0);
        if (hasty.told !== undefined) return { expected, ...hasty.told };
        if (delays === 0) {
          const seen =
            unclear > 0 ? 'attempts whose client cannot be told' : 'no attempt after the end of a connection';
          return { outcome: 'open', expected, seen, lines: [] };
        }
        const flat = grows === true ? chains.find((chain) => grown(chain) === false) : undefined;
        if (flat !== undefined) {
          return { outcome: 'unmet', expected, seen: `${flat.who} waited ${told(flat)}`, lines: linesOf([flat]) };
        }
        const steady = jitter === true ? isSteady(chains) : false;
        if (steady === true) {
          const seen = `delays as planned: ${chains.slice(0, 3).map(told).join('; ')}`;
          return { outcome: 'unmet', expected, seen, lines: linesOf(chains) };
        }
        if (steady === undefined || (grows === true && !chains.some((chain) => grown(chain) === true))) {
          const seen = `${count(delays, 'delay')}: too few to tell, it takes ${enough} in a row`;
          return { outcome: 'open', expected, seen, lines: linesOf(chains) };
        }
        const seen = `${count(delays, 'delay')}, the shortest ${spell(shortest ?? 0n)}`;
        return { outcome: 'met', expected, seen, lines: [] };
      },
    };
  },
});

interface Wishes {
  readonly floor?: Nanos | undefined;
  readonly grows?: true | undefined;
  readonly jitter?: true | undefined;
}
function wishes({ floor, grows, jitter }: Wishes, spelt: (floor: Nanos) => string): string {
  const parts = [
    ...(floor === undefined ? [] : [`are ${spelt(floor)} or more`]),
    ...(grows === true ? ['grow'] : []),
    ...(jitter === true ? ['have jitter'] : []),
  ];
  return parts.join(' and ');
}

const told = ({ delays }: Chain): string => {
  const first = delays.slice(0, 8).map(({ span }) => spell(span));
  return first.join(', ') + (delays.length > 8 ? ', …' : '');
};
const linesOf = (chains: readonly Chain[]): number[] =>
  chains.flatMap(({ delays }) => delays.map(({ line }) => line)).slice(0, 40);
