import type { Vendor } from './dialects.ts';
import { symbols } from './tape.ts';

/** Who serves: the product, what everyone writes, the same with one array frame a tick, or the limit of the platform. */
export type Contender = 'papertape' | 'naive' | 'batched' | 'raw';

/** Who hears what: all the same, ten different halves of the market, or a different half for every client. */
export type Audience = 'same' | 'ten' | 'distinct';

/** One case of a row: who serves what to whom. */
export interface Lane {
  readonly name: string;
  readonly vendor: Vendor;
  /** True where the other vendors answer as well, and have bars and prices of their own made of the tape. */
  readonly besides?: true;
  readonly contender: Contender;
  readonly clients: number;
  /** Trades on the tape. */
  readonly events: number;
  readonly audience: Audience;
  /** Passes over the tape; figures count from the second on when there is more than one. */
  readonly passes?: number;
  /** Events per write of raw TCP; as many as the goals were set with when absent. */
  readonly perWrite?: number;
  /** In market time at this speed instead of as fast as possible. */
  readonly pacing?: 'economical' | 'precise';
  /**
   * Faults of the product: ten that lie ready and strike nobody, or one of events on the first client to come, which is asked at every event
   * and lets it pass, so that all still hear what is on the tape.
   */
  readonly faults?: 'ten-armed' | 'on-one';
}

/** What a client of an audience subscribes to. */
export function wishes(audience: Audience, client: number): readonly string[] {
  if (audience === 'same') return symbols;
  const halves = combinations(symbols, symbols.length / 2);
  // Steps of a size that shares no factor with their number, so that neighbours differ a lot.
  return halves[((audience === 'ten' ? client % 10 : client) * 25) % halves.length] ?? symbols;
}

/** Distinct subscriptions of an audience: client `i` has the one numbered `i % scripts`. */
export function distinctWishes(audience: Audience, clients: number): number {
  return Math.min(clients, { same: 1, ten: 10, distinct: clients }[audience]);
}

function combinations<Item>(items: readonly Item[], size: number): Item[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) => combinations(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]));
}

/** Most bytes that may wait for one client, for all contenders. */
export const outbox = 1 << 22;

/** What the parent asks of a server process. */
export type Order =
  | { readonly do: 'open'; readonly lane: Lane }
  | { readonly do: 'play'; readonly clients: number }
  | { readonly do: 'close' };

/** What a server process tells after `play`, when everything has left it. */
export interface Played {
  /** Monotonic nanoseconds at which counting began. */
  readonly from: string;
  /** Events handed to clients since then, summed over the clients. */
  readonly delivered: number;
  /** Bytes of events written since then; and all bytes since the start, greetings and all. */
  readonly bytes: number;
  readonly allBytes: number;
  readonly cpuNanos: number;
  readonly rss: number;
  /** For paced lanes: at this monotonic instant the market instant `market` was due. */
  readonly anchor: { readonly wall: string; readonly market: string } | undefined;
}

/** What the full receiver saw of a lane. */
export interface Testimony {
  readonly events: number;
  readonly frames: number;
  /** What was not as it should be, in words; empty when all is well. */
  readonly wrong: readonly string[];
}

/** How late the events of a paced lane came, end to end, in microseconds. */
export interface Lateness {
  /** Events that came before their time. */
  readonly early: number;
  readonly lost: number;
  readonly earliest: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}
