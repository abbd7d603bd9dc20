import { channels } from '../../market/event.ts';
import { type Interest } from '../fan-out/group.ts';
import { everything, Subscriptions } from '../fan-out/subscriptions.ts';

/** What a client is entitled to hear from one number of its deck to another. */
export interface Claim {
  readonly interest: Interest;
  readonly from: number;
  /** Number of the first event it is not entitled to by this; absent while it lasts. */
  to: number | undefined;
  /** The connection on which it hears it; absent while it is away and ought to come back. */
  readonly session: number | undefined;
}

/** Claims that are remembered of one client; the oldest that are over go first. */
const rememberedClaims = 10_000;

/**
 * What one client is owed of one stream, over all its connections. A connection that ends leaves a claim to all that it was subscribed to,
 * which lasts until the client takes it up: until it newly subscribes to some of it on another connection, or gives some of it up there.
 */
export class Entitlement {
  /** Nothing is known of numbers below. */
  since = 0;
  readonly #claims: Claim[] = [];
  readonly #current = new Map<number, Claim>();
  /** What connections have left behind. */
  #left: Claim[] = [];

  get claims(): readonly Claim[] {
    return this.#claims;
  }

  /** From that number on, a connection hears that and no more. */
  hears(session: number, interest: Interest, at: number): void {
    const before = this.#current.get(session);
    if (before !== undefined) before.to = at;
    const [then, now] = [before?.interest.subscriptions ?? Subscriptions.none, interest.subscriptions];
    if (this.#left.length > 0) this.#takeUp(then, now, at);
    if (now.empty) this.#current.delete(session);
    else this.#current.set(session, this.#claim({ interest, from: at, to: undefined, session }));
  }

  /** From that number on, a connection hears nothing: it is over. */
  leaves(session: number, at: number): void {
    const before = this.#current.get(session);
    if (before === undefined) return;
    before.to = at;
    this.#current.delete(session);
    this.#left.push(this.#claim({ interest: before.interest, from: at, to: undefined, session: undefined }));
  }

  /** A connection that held one thing holds another. */
  #takeUp(then: Subscriptions, now: Subscriptions, at: number): void {
    // What it held all along, beside the one that is gone, says nothing of what that one held.
    const [more, less] = [now.without(then.list()), then.without(now.list())];
    const taken = this.#left.filter(
      ({ interest: { subscriptions } }) => meet(subscriptions, more) || meet(subscriptions, less),
    );
    // Who comes back for something else has changed its mind.
    if (taken.length === 0 && then.empty && !now.empty) taken.push(...this.#left.slice(0, 1));
    for (const claim of taken) claim.to = at;
    this.#left = this.#left.filter((claim) => !taken.includes(claim));
  }

  #claim(claim: Claim): Claim {
    if (this.#claims.length >= rememberedClaims) this.#forget();
    this.#claims.push(claim);
    return claim;
  }

  /** The older half at once, so that it costs little; those that last stay. */
  #forget(): void {
    const over = this.#claims.filter(({ to }) => to !== undefined).slice(0, rememberedClaims / 2);
    for (const { to = 0 } of over) if (to > this.since) this.since = to;
    const gone = new Set(over);
    const kept = this.#claims.filter((claim) => !gone.has(claim));
    this.#claims.splice(0, Infinity, ...kept);
  }
}

/** Whether two have anything in common. */
function meet(one: Subscriptions, other: Subscriptions): boolean {
  const [mine, its] = [listOf(one), listOf(other)];
  return channels.some((channel) => {
    const [here, there] = [mine.get(channel), its.get(channel)];
    if (here === undefined || there === undefined) return false;
    if (here.includes(everything) || there.includes(everything)) return true;
    const symbols = new Set(there);
    return here.some((symbol) => symbols.has(symbol));
  });
}

const listOf = (subscriptions: Subscriptions) =>
  new Map(subscriptions.list().map(({ channel, symbols }) => [channel, symbols]));
