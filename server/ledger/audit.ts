import type { MarketEvent, Nanos } from '../../market/event.ts';
import type { Claim } from './entitlement.ts';
import { type FetchedReading, toldAs, toldAt } from './fetched-rows.ts';
import { wants } from '../fan-out/group.ts';
import type { Leg } from '../deck/itinerary.ts';
import type { Missed } from '../ledger.ts';
import type { StrayReading } from './strays.ts';
import { TopicFilter } from '../fan-out/topic-filter.ts';
import type { Topics } from '../fan-out/topics.ts';

/** What is known of one client when somebody asks. */
export interface Records {
  /** Nothing is told of numbers below. */
  readonly since: number;
  /** Number of the next event. */
  readonly until: number;
  readonly claims: readonly Claim[];
  /** By session. */
  readonly strays: ReadonlyMap<number, () => StrayReading>;
  readonly fetched: FetchedReading;
}

/** What became of an event that a client was owed. */
export interface Fate {
  readonly sent: number;
  readonly fetched: boolean;
  /** Why it was not sent, if it was not. */
  readonly why: string | undefined;
}

/** Why a client that is away misses what it is owed. */
export const away = 'it was not connected';

interface Standing {
  readonly claim: Claim;
  readonly filter: TopicFilter;
  readonly strays: StrayReading | undefined;
}

/** Goes through a deck's events in their order and tells what became of each for one client. */
export class Audit {
  readonly #records: Records;
  /** Claims to come, the next one last. */
  readonly #coming: Standing[];
  #standing: Standing[] = [];
  /** Number at which claims begin or end. */
  #turn = 0;

  constructor(records: Records, topics: Topics) {
    this.#records = records;
    const strays = new Map([...records.strays].map(([session, reading]) => [session, reading()]));
    this.#coming = records.claims
      .map((claim) => ({
        claim,
        filter: new TopicFilter(topics, (topic) => wants(claim.interest, topic)),
        strays: claim.session === undefined ? undefined : strays.get(claim.session),
      }))
      .sort((one, other) => other.claim.from - one.claim.from);
  }

  /** `undefined` of what it was not owed. `topic`: the number that the event's topic has. */
  of(event: MarketEvent, topic: number, sequence: number, leg: Leg): Fate | undefined {
    const { since, until, fetched } = this.#records;
    if (sequence < since || sequence >= until) return undefined;
    if (sequence >= this.#turn) this.#renew(sequence);
    let sent = 0;
    let isOwed = false;
    let why: string | undefined;
    for (const { filter, claim, strays } of this.#standing) {
      if (!filter.wants(topic)) continue;
      isOwed = true;
      if (claim.session === undefined) continue;
      const fate = strays?.of(sequence) ?? 1;
      if (typeof fate === 'number') sent += fate;
      else why ??= fate;
    }
    if (!isOwed) return undefined;
    return { sent, fetched: fetched.has(event, sequence, leg), why: sent > 0 ? undefined : (why ?? away) };
  }

  #renew(sequence: number): void {
    const standing = this.#standing.filter(({ claim: { to = Infinity } }) => to > sequence);
    for (
      let next = this.#coming.at(-1);
      next !== undefined && next.claim.from <= sequence;
      next = this.#coming.at(-1)
    ) {
      this.#coming.pop();
      if ((next.claim.to ?? Infinity) > sequence) standing.push(next);
    }
    this.#standing = standing;
    const ends = standing.map(({ claim: { to = Infinity } }) => to);
    this.#turn = Math.min(this.#coming.at(-1)?.claim.from ?? Infinity, ...ends);
  }
}

/** Stretches that are told of one client; when there are more, those of one symbol and reason grow over what was sent in between. */
const toldStretches = 100_000;

/** Gathers what a client missed into stretches. */
export class MissedStretches {
  owed = 0;
  readonly #stretches: { -readonly [Field in keyof Missed]: Missed[Field] }[] = [];
  /** By market, channel and symbol the last of them, and whether it goes on. */
  readonly #last = new Map<string, { readonly place: number; readonly leg: Leg; isOpen: boolean }>();

  get all(): readonly Missed[] {
    return this.#stretches;
  }

  take(event: MarketEvent, { why, fetched }: Fate, leg: Leg): void {
    this.owed++;
    const { market, symbol } = event;
    const channel = toldAs(event.kind);
    const name = `${market} ${channel} ${symbol}`;
    const last = this.#last.get(name);
    if (why === undefined) {
      if (last !== undefined) last.isOpen = false;
      return;
    }
    const at: Nanos = toldAt(event) + (leg.shift ?? 0n);
    const stretch = last && this.#stretches[last.place];
    const goesOn = last?.leg === leg && (last.isOpen || this.#stretches.length >= toldStretches);
    if (goesOn && stretch?.why === why) {
      if (at < stretch.from) stretch.from = at;
      if (at > stretch.to) stretch.to = at;
      stretch.rows++;
      if (fetched) stretch.fetched++;
      return;
    }
    this.#last.set(name, { place: this.#stretches.length, leg, isOpen: true });
    const rows = { from: at, to: at, rows: 1, fetched: fetched ? 1 : 0 };
    this.#stretches.push({ market, symbol, channel, ...rows, why });
  }
}
