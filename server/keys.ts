import { createHash, timingSafeEqual } from 'node:crypto';
import type { Credentials, Exchange, Plan, Refusal, Stream } from './exchanges/exchange.ts';

/** A key as a scenario lists it. */
export interface KeyEntry {
  readonly key: string;
  readonly secret?: string | undefined;
  readonly plan?: string | undefined;
  readonly sessions?: number | undefined;
  readonly symbols?: number | undefined;
}

/** Limits of the scenario that stand above every plan. */
export interface KeyLimits {
  readonly sessions?: number | undefined;
  readonly symbols?: number | undefined;
}

/** Whoever occupies a place may be asked to leave it for a newcomer. */
export interface Holder {
  evicted(): void;
}

/** A place that a logged-in session occupies until it is released. */
export interface Lease {
  readonly plan: Plan;
  release(): void;
}

/** Which keys may log in, with which plan, and how many sessions each has on each stream. */
export class Keys {
  readonly #entries: readonly KeyEntry[] | undefined;
  readonly #limits: KeyLimits;
  readonly #holders = new Map<string, Set<Holder>>();

  /** Without entries every key is good, and has the exchange's default plan. */
  constructor(entries: readonly KeyEntry[] | undefined, limits: KeyLimits) {
    this.#entries = entries;
    this.#limits = limits;
  }

  /** A place on a stream, or why not. */
  admit(credentials: Credentials, exchange: Exchange, stream: Stream, holder: Holder): Lease | Refusal {
    const entry = this.#find(credentials);
    if (entry === undefined) return 'bad-key';
    const plan = this.#plan(entry, exchange);
    if (plan.feeds?.includes(stream.feed) === false) return 'not-in-plan';
    const place = JSON.stringify([exchange.name, stream.path, credentials.key]);
    const holders = this.#holders.get(place) ?? new Set();
    if (holders.size >= plan.sessions) {
      if (stream.manners.evicts === 'newest') return 'too-many-sessions';
      const [oldest] = holders;
      oldest?.evicted();
      if (oldest !== undefined) holders.delete(oldest);
    }
    holders.add(holder);
    this.#holders.set(place, holders);
    return {
      plan,
      release: () => {
        holders.delete(holder);
        // An evicted session may leave after its successors have begun a new list.
        if (holders.size === 0 && this.#holders.get(place) === holders) this.#holders.delete(place);
      },
    };
  }

  /** Looks at every entry, and at every byte, so that the time taken tells nothing. */
  #find({ key, secret }: Credentials): KeyEntry | undefined {
    if (this.#entries === undefined) return key === '' ? undefined : { key };
    let found: KeyEntry | undefined;
    for (const entry of this.#entries) {
      const sameKey = same(entry.key, key);
      const sameSecret = entry.secret === undefined || same(entry.secret, secret);
      if (sameKey && sameSecret) found ??= entry;
    }
    return found;
  }

  #plan(entry: KeyEntry, exchange: Exchange): Plan {
    const name = entry.plan ?? exchange.defaultPlan;
    const plan = exchange.plans[name] ?? { feeds: undefined, sessions: 1, symbols: undefined };
    const limit = entry.symbols ?? this.#limits.symbols ?? plan.symbols?.limit;
    return {
      feeds: plan.feeds,
      sessions: entry.sessions ?? this.#limits.sessions ?? plan.sessions,
      symbols: limit === undefined ? undefined : { limit, counted: plan.symbols?.counted ?? ['trade', 'quote'] },
    };
  }
}

function same(expected: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}
