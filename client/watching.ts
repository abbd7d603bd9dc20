import type { Calendar } from '../market/calendar.ts';
import type { Market } from '../market/event.ts';
import { formatDuration } from '../market/duration.ts';
import { floorTo, second } from '../market/nanos.ts';
import type { Collector } from './collector.ts';
import type { Part, Watched, WatchedConnection, WatchedGap, WatchedKey } from './service/index.ts';
import type { Broadcast } from './sinks/broadcast/index.ts';
import type { Cache } from './sinks/cache/index.ts';
import type { Sink } from './sinks/sink.ts';

export interface WatchingParts {
  readonly collectors: readonly Collector[];
  readonly sinks: readonly Sink[];
  readonly cache: Cache;
  readonly broadcast: Broadcast;
  readonly calendars: ReadonlyMap<Market, Calendar>;
}

/** What the service shows of a pipeline. */
export function watchedOf({ collectors, sinks, cache, broadcast, calendars }: WatchingParts): Watched {
  return {
    cache,
    broadcast,
    calendars,
    health: () => [
      ...collectors.flatMap((collector) => [
        connectionPart(collector),
        subscriptionsPart(collector),
        gapsPart(collector),
      ]),
      ...sinks.map((sink) => ({ kind: 'sink' as const, name: sink.name, ...sink.health() })),
    ],
    connections: () => collectors.map(watchedConnection),
    keys: () => collectors.flatMap(watchedKeys),
    gaps: () => collectors.flatMap(watchedGaps),
    counts: () => {
      const rules = collectors.flatMap((collector) => collector.rules);
      const states = collectors.map(({ connection }) => connection);
      return {
        heard: sum(states, ({ events }) => events),
        rejected: sum(rules, ({ refused }) => refused),
        repaired: sum(rules, ({ repaired }) => repaired),
        backfilled: sum(collectors, ({ backfilled }) => backfilled),
        unreadable: sum(states, ({ unreadable }) => unreadable),
      };
    },
  };
}

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

function connectionPart({ name, connection }: Collector): Part {
  const { phase, denied, held, failures } = connection;
  const part = { kind: 'connection', name, pending: 0 } as const;
  if (phase === 'live') {
    // However silent: markets rest, and whether a silence is natural is for the connection to judge.
    if (held.size > 0 || denied.length === 0) return { ...part, state: 'well', says: '' };
    return { ...part, state: 'ailing', says: 'the vendor sends nothing of what is wanted' };
  }
  // What is missed meanwhile is refilled; only who never comes back has lost it.
  return {
    ...part,
    state: 'ailing',
    says: `${phase}, after ${failures} attempts of no use; what is missed is refilled`,
  };
}

/** Apart from the connection: one symbol that a plan does not hold must not keep all others from being ready. */
function subscriptionsPart({ name, connection }: Collector): Part {
  const [first] = connection.denied;
  const part = { kind: 'subscriptions', name, pending: 0 } as const;
  if (first === undefined) return { ...part, state: 'well', says: '' };
  const says = `the vendor does not send all that is wanted: ${first.message || first.why}`;
  return { ...part, state: 'ailing', says };
}

function gapsPart(collector: Collector): Part {
  const { open, asked } = collector.missing();
  const part = { kind: 'gaps', name: collector.name, pending: 0 } as const;
  const count = open.length + asked.length;
  if (count === 0) return { ...part, state: 'well', says: '' };
  const longest = asked.reduce((most, { ask }) => (ask.to - ask.from > most ? ask.to - ask.from : most), 0n);
  const span = longest === 0n ? '' : `, the longest of ${formatDuration(floorTo(longest, second))}`;
  return { ...part, state: 'ailing', says: `${count} gaps are not refilled yet${span}` };
}

function watchedConnection({ name, feed, connection }: Collector): WatchedConnection {
  const { phase, since, key, attempts, lastDataAt, held, denied } = connection;
  return {
    name,
    vendor: feed.vendor,
    phase,
    key,
    connectedAt: phase === 'live' ? since : undefined,
    heardAt: lastDataAt,
    reconnects: Math.max(0, attempts - 1),
    held,
    denied: denied.map(({ wants, message, why }) => ({ wants, message: message || why })),
  };
}

function watchedKeys({ feed, connection }: Collector): WatchedKey[] {
  return connection.keys.map(({ label, uses, usedAt, why }) => ({
    label,
    vendor: feed.vendor,
    state: label === connection.key ? 'in use' : (why ?? 'ready'),
    uses,
    usedAt,
  }));
}

function watchedGaps(collector: Collector): WatchedGap[] {
  const { open, asked } = collector.missing();
  return [
    ...open.map(({ channel, symbol, from }) => ({ channel, symbol, from, to: undefined, state: 'open' as const })),
    ...asked.flatMap(({ ask: { channel, symbols, from, to } }) =>
      symbols.map((symbol) => ({ channel, symbol, from, to, state: 'filling' as const })),
    ),
  ];
}
