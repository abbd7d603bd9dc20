import { createHash, timingSafeEqual } from 'node:crypto';
import type { Cancel, Clock } from '../market/clock.ts';
import type { Nanos } from '../market/event.ts';
import type { Credentials, Exchange, Plan, Refusal, Stream } from './exchanges/exchange.ts';
import type { Cap } from './injection/cap.ts';
import { labelOf } from './session/session-record.ts';

/** A key as a scenario lists it. */
export interface KeyEntry {
  readonly key: string;
  readonly secret?: string | undefined;
  readonly plan?: string | undefined;
  readonly sessions?: number | undefined;
  readonly symbols?: number | undefined;
}

/** A key that is listed, and when it ends or has ended. */
export interface ListedKey extends KeyEntry {
  readonly ends: Nanos | undefined;
}

/** Keys that a run lists at most. */
export const mostKeys = 1000;

/** Limits of the scenario that stand above every plan. */
export interface KeyLimits {
  readonly sessions?: number | undefined;
  readonly symbols?: number | undefined;
}

/** Whoever occupies a place may be asked to leave it for a newcomer. */
export interface Holder {
  /** `sessions`: how many its key may have. */
  evicted(sessions: number): void;
}

/** A place that a logged-in session occupies until it is released. */
export interface Lease {
  readonly plan: Plan;
  /** True when there was no place left: its holder has to go when it subscribes. */
  readonly isSurplus?: true;
  /** Gives the place back, at once or after the time its holder's ghost keeps it. */
  release(after?: Nanos): void;
}

/** What a key may ask over HTTP. */
export interface Allowance extends Pick<Plan, 'feeds' | 'requests' | 'requestsPerDay'> {
  /** Name of its plan. */
  readonly plan: string;
  readonly channels: Plan['channels'];
}

/** A key whose plan no exchange has. */
export interface UnknownPlan {
  /** Place of the key in the list, from 0. */
  readonly index: number;
  readonly plan: string;
  /** The plans there are. */
  readonly plans: readonly string[];
}

/** Keys whose plan none of these exchanges has, so that a misspelt plan is refused before anyone logs in with it. */
export function unknownPlans(
  entries: readonly KeyEntry[],
  exchanges: readonly Pick<Exchange, 'plans'>[],
): readonly UnknownPlan[] {
  const plans = [...new Set(exchanges.flatMap((exchange) => Object.keys(exchange.plans)))];
  return entries.flatMap(({ plan }, index) =>
    plan === undefined || plans.includes(plan) ? [] : [{ index, plan, plans }],
  );
}

/** Which keys may log in, with which plan, and how many sessions each has on each stream. */
export class Keys implements Disposable {
  #entries: readonly KeyEntry[];
  #listed: ReadonlySet<Digest>;
  /** Every key is good, whether it is listed or not. */
  readonly #isOpen: boolean;
  /** When keys end, by their digests. */
  readonly #ends = new Map<Digest, Nanos>();
  readonly #exchanges: readonly Exchange[];
  readonly #limits: KeyLimits;
  readonly #clock: Clock;
  readonly #holders = new Map<string, Set<Holder>>();
  /** Places whose holders vanished, each until its time is over. */
  readonly #ghosts = new Set<Cancel>();
  #closed = false;

  /**
   * Without entries every key is good, and has the exchange's default plan. Throws a RangeError that names every key whose plan no
   * exchange has.
   */
  constructor(
    entries: readonly KeyEntry[] | undefined,
    limits: KeyLimits,
    exchanges: readonly Exchange[],
    clock: Clock,
  ) {
    const unknown = unknownPlans(entries ?? [], exchanges);
    if (unknown.length > 0) throw new RangeError(unknown.map(complaint).join('\n'));
    this.#entries = entries ?? [];
    this.#listed = digestsOf(this.#entries);
    this.#isOpen = entries === undefined;
    this.#exchanges = exchanges;
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Forgets the ghosts; from now on nobody leaves one. */
  [Symbol.dispose](): void {
    this.#closed = true;
    for (const cancel of this.#ghosts) cancel();
    this.#ghosts.clear();
  }

  /** Whether a key that nobody has listed is good. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Every key that is listed, in the order of listing. */
  get listed(): readonly ListedKey[] {
    return this.#entries.map((entry) => ({ ...entry, ends: this.endOf(entry.key) }));
  }

  /** When a key ends or has ended; absent when it does not. */
  endOf(key: string): Nanos | undefined {
    return this.#ends.get(digestOf(key));
  }

  /** Whether a key is listed, good or not any more. */
  lists(key: string): boolean {
    return this.listsDigest(digestOf(key));
  }

  /** The same of a key's digest, for who asks many runs about one key. */
  listsDigest(digest: Digest): boolean {
    return this.#listed.has(digest);
  }

  /** The key that a label means: one that is listed, or with which somebody is connected. */
  labelled(label: string): string | undefined {
    const held = [...this.#holders.keys()].map((place) => {
      const [, , key]: [exchange: string, path: string, key: string] = JSON.parse(place);
      return key;
    });
    return [...this.#entries.map(({ key }) => key), ...held].find((key) => labelOf(key) === label);
  }

  /**
   * Lists a key, which is good from now on; one that is listed already is replaced. Throws a RangeError for a plan that no exchange
   * has, and for a key too many.
   */
  add(entry: KeyEntry): void {
    const [unknown] = unknownPlans([entry], this.#exchanges);
    if (unknown !== undefined) throw new RangeError(complaint(unknown));
    const others = this.#entries.filter(({ key }) => key !== entry.key);
    if (others.length >= mostKeys)
      throw new RangeError(`there are ${mostKeys} keys already, those that have ended too; reset the run`);
    this.#entries = [...others, entry];
    this.#listed = digestsOf(this.#entries);
    this.#ends.delete(digestOf(entry.key));
  }

  /** A key is no good any more from that time on: for whoever comes, and for nobody who has come. False when it never was good. */
  end(key: string, at: Nanos): boolean {
    if (!this.#isOpen && !this.lists(key)) return false;
    const digest = digestOf(key);
    if (this.#ends.size >= mostKeys && !this.#ends.has(digest))
      throw new RangeError(`${mostKeys} keys have an end already; reset the run`);
    this.#ends.set(digest, at);
    return true;
  }

  /** Why a key could not log in to a stream; a place may still be taken when it does. */
  objection(credentials: Credentials | undefined, exchange: Exchange, stream: Stream): Refusal | undefined {
    if (credentials === undefined || credentials.key === '') return 'no-key';
    const entry = this.#find(credentials);
    if (entry === undefined) return 'bad-key';
    const plan = this.#plan(entry, exchange, stream);
    return plan === undefined || plan.feeds?.includes(stream.feed) === false ? 'not-in-plan' : undefined;
  }

  /** A place on a stream, or why not. `cap`: how many places a fault leaves its key. */
  admit(credentials: Credentials, exchange: Exchange, stream: Stream, holder: Holder, cap?: Cap): Lease | Refusal {
    const entry = this.#find(credentials);
    if (entry === undefined) return 'bad-key';
    const bought = this.#plan(entry, exchange, stream);
    if (bought === undefined || bought.feeds?.includes(stream.feed) === false) return 'not-in-plan';
    const place = JSON.stringify([exchange.name, stream.path, credentials.key]);
    const holders = this.#holders.get(place) ?? new Set();
    const { evicts } = stream.manners;
    const usual = evicts === 'nobody' ? Infinity : bought.sessions;
    const sessions = Math.min(usual, cap?.most ?? Infinity);
    const plan = sessions < usual ? { ...bought, sessions } : bought;
    if (holders.size >= sessions) {
      if (holders.size < usual) cap?.met();
      if (evicts === 'newest' || evicts === 'nobody') return 'too-many-sessions';
      if (evicts === 'subscriber') return { plan, isSurplus: true, release: () => undefined };
      // More than one when there are fewer places than there were.
      for (const oldest of [...holders].slice(0, holders.size - sessions + 1)) {
        oldest.evicted(sessions);
        holders.delete(oldest);
      }
    }
    holders.add(holder);
    this.#holders.set(place, holders);
    const release = (): void => {
      holders.delete(holder);
      // An evicted session may leave after its successors have begun a new list.
      if (holders.size === 0 && this.#holders.get(place) === holders) this.#holders.delete(place);
    };
    return { plan, release: (after = 0n) => (after === 0n || this.#closed ? release() : this.#haunt(after, release)) };
  }

  /** What a key may ask over HTTP; absent when it is not good. */
  access(credentials: Credentials, exchange: Exchange): Allowance | undefined {
    const entry = this.#find(credentials);
    const plan = entry && named(entry, exchange);
    return plan && { channels: undefined, ...plan, plan: entry.plan ?? exchange.defaultPlan };
  }

  #haunt(span: Nanos, release: () => void): void {
    const cancel = this.#clock.wake(this.#clock.now() + span, () => {
      this.#ghosts.delete(cancel);
      release();
    });
    this.#ghosts.add(cancel);
  }

  /** Looks at every entry, and at every byte, so that the time taken tells nothing. */
  #find({ key, secret }: Credentials): KeyEntry | undefined {
    const end = this.#ends.get(digestOf(key));
    if (end !== undefined && end <= this.#clock.now()) return undefined;
    let found: KeyEntry | undefined;
    for (const entry of this.#entries) {
      const sameKey = same(entry.key, key);
      const sameSecret = entry.secret === undefined || same(entry.secret, secret);
      if (sameKey && sameSecret) found ??= entry;
    }
    return found ?? (this.#isOpen && key !== '' ? { key } : undefined);
  }

  /** Absent when this exchange has no such plan: the key is for another one. */
  #plan(entry: KeyEntry, exchange: Exchange, { feed }: Stream): Plan | undefined {
    const plan = named(entry, exchange);
    if (plan === undefined) return undefined;
    const { symbolsOn = {} } = plan;
    const symbols = Object.hasOwn(symbolsOn, feed) ? symbolsOn[feed] : plan.symbols;
    const limit = entry.symbols ?? this.#limits.symbols ?? symbols?.limit;
    return {
      ...plan,
      sessions: entry.sessions ?? this.#limits.sessions ?? plan.sessions,
      symbols: limit === undefined ? undefined : { limit, counted: symbols?.counted ?? ['trade', 'quote'] },
    };
  }
}

/** The plan of a key on an exchange; absent when this exchange has no such plan. */
function named(entry: KeyEntry, { plans, defaultPlan }: Exchange): Plan | undefined {
  const name = entry.plan ?? defaultPlan;
  return Object.hasOwn(plans, name) ? plans[name] : undefined;
}

function complaint({ index, plan, plans }: UnknownPlan): string {
  const last = plans.at(-1) ?? '';
  const choices = plans.length > 1 ? `${plans.slice(0, -1).join(', ')} or ${last}` : last;
  return `keys[${index}].plan: ${JSON.stringify(plan)} – no such plan; use ${choices}`;
}

function same(expected: string, given: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf(expected)), Buffer.from(digestOf(given)));
}

/** What is looked up instead of a key. */
export type Digest = string;

/** Digests a key, so that the time it takes to look it up tells nothing of it. */
export function digestOf(text: string): Digest {
  return createHash('sha256').update(text).digest('hex');
}

const digestsOf = (entries: readonly KeyEntry[]): ReadonlySet<Digest> =>
  new Set(entries.map(({ key }) => digestOf(key)));
