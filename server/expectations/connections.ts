import { z } from 'zod';
import { count, expectationKind, isContact, Offences, placeOf, type Entry } from './expectation.ts';

interface Connection {
  readonly place: string;
  readonly number: number;
  client: string | undefined;
  /** A fault holds it, and it has not been heard from since: its client may have ended it long ago. */
  struck: boolean;
}

/** Shows whether a client that comes back leaves its old connections behind: vendors evict, refuse or bill whoever opens too many. */
export const connections = expectationKind({
  options: z
    .strictObject({
      atMost: z
        .int()
        .min(1)
        .meta({ title: 'At most', description: 'How many may be open at a time.', examples: [1] }),
      per: z
        .enum(['client', 'run'])
        .default('client')
        .meta({
          title: 'Per',
          description: 'Whether they are counted for each client and path, or all together.',
          examples: ['run'],
        }),
    })
    .meta({
      title: 'Connections',
      description:
        'Never more than so many connections are open at once. Those that never log in count as the one client’s where there is but one.',
      examples: [{ atMost: 1 }, { atMost: 4, per: 'run' }],
    }),
  explain: ({ atMost, per }) =>
    `never more than ${count(atMost, 'connection')} ${atMost === 1 ? 'is' : 'are'} open at once${per === 'client' ? ' for a client' : ''}`,
  open: ({ atMost, per }) => {
    const open = new Map<number, Connection>();
    const clients = new Map<string, Set<string>>();
    const sure = new Offences();
    /** Of connections that have not logged in: too many, should it turn out that there is one client only. */
    const perhaps = new Map<string, Offences>();
    let peak = 0;
    let seen = 0;

    const check = (entry: Entry, one: Connection): void => {
      const others = [...open.values()].filter(({ struck }) => !struck);
      const here = others.filter(({ place }) => place === one.place);
      const its = per === 'run' ? others : here.filter(({ client }) => client === one.client);
      if (per === 'run' || one.client !== undefined) {
        peak = Math.max(peak, its.length);
        const who = per === 'run' ? '' : ` for ${one.client} on ${one.place}`;
        if (its.length > atMost) sure.add(`${its.length} were open at once${who}`, ...numbers(its), entry.number);
      }
      if (per === 'run' || here.length <= atMost) return;
      const doubtful = perhaps.get(one.place) ?? new Offences();
      perhaps.set(one.place, doubtful);
      doubtful.add(`${here.length} were open at once on ${one.place}`, ...numbers(here), entry.number);
    };
    return {
      hear(entry, when) {
        if (entry.kind === 'fault') {
          const struck = entry.phase === 'strikes' && entry.session !== undefined ? open.get(entry.session) : undefined;
          if (struck !== undefined) struck.struck = true;
          return;
        }
        if (!isContact(entry)) return;
        if (entry.kind === 'closed' || entry.kind === 'moved') return void open.delete(entry.session);
        if (entry.kind === 'knocked' && entry.status !== 101) return;
        const known = open.get(entry.session);
        const one = known ?? { place: placeOf(entry), number: entry.number, client: entry.client, struck: false };
        open.set(entry.session, one);
        const heardAgain = one.struck && ['heard', 'ping', 'pong'].includes(entry.kind);
        if (heardAgain) one.struck = false;
        const named = one.client === undefined && entry.client !== undefined;
        if (named) one.client = entry.client;
        if (one.client !== undefined) clients.set(one.place, (clients.get(one.place) ?? new Set()).add(one.client));
        if (when !== 'now') return;
        seen++;
        if (known === undefined || heardAgain || (named && per === 'client')) check(entry, one);
      },
      find() {
        const expected = `at most ${count(atMost, 'connection')} at once${per === 'client' ? ' for a client' : ''}`;
        if (sure.told !== undefined) return { expected, ...sure.told };
        for (const [place, doubtful] of perhaps) {
          if ((clients.get(place)?.size ?? 0) <= 1 && doubtful.told !== undefined)
            return { expected, ...doubtful.told };
        }
        if (seen === 0 && open.size === 0) {
          return { outcome: 'open', expected, seen: 'no connection was made', lines: [] };
        }
        const most = peak === 0 ? 'none logged in' : `${peak} at most`;
        return { outcome: 'met', expected, seen: most, lines: [] };
      },
    };
  },
});

const numbers = (list: readonly Connection[]): number[] => list.map(({ number }) => number);
