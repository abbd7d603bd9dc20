import type { MarketEvent, Nanos } from '../../market/event.ts';
import type { Credentials, Notice, Refusal, Wish } from '../exchanges/exchange.ts';
import type { TapePlace } from './agenda.ts';
import type { Copies, Fault, Turn } from '../faults/fault.ts';
import type { Cap } from './cap.ts';
import { runGauntlet } from './gauntlet.ts';
import type { Guide } from './guide.ts';
import { HeldBack } from './held-back.ts';
import { Affliction, type Injection } from './injection.ts';
import type { Aim } from './injection-terms.ts';
import type { Patient } from '../session/patient.ts';
import type { Outlet, Spoiler } from '../fan-out/solo.ts';
import type { Place } from '../ledger/strays.ts';
import type { Watch } from './watch.ts';

/**
 * What one connection goes through, from its first knock on: every fault that is aimed at it, asked at every turn. Without one it is
 * asked at every turn too, and has nothing to say.
 */
export class Ordeal implements Spoiler, Aim {
  readonly session: number;
  readonly exchange: string;
  readonly path: string;
  key: string | undefined;
  readonly #guide: Guide;
  /** Rules that are set off by what this session hears. */
  readonly #watches: readonly Watch[];
  #afflictions: readonly Affliction[] = [];
  readonly #begun = new Set<Affliction>();
  readonly #struck = new Set<Affliction>();
  #patient: Patient | undefined;
  /** It has subscribed: there is something to spoil. */
  #hears = false;
  /** It hears its own copy. */
  #isSpoilt = false;
  readonly #held: HeldBack;
  /** Where the last event was that it has heard. */
  #heard: TapePlace | undefined;
  /** Tape time of the event under way. */
  #hearing: Nanos | undefined;
  /** What is to happen when it is out. */
  #afterwards: (() => void)[] = [];
  readonly #places = new WeakMap<MarketEvent, Place>();
  #ordinal = 0;
  #isParting = false;
  #isOver = false;

  constructor(session: number, exchange: string, path: string, watches: readonly Watch[], guide: Guide) {
    this.session = session;
    this.exchange = exchange;
    this.path = path;
    this.#watches = watches;
    this.#guide = guide;
    const release = (due: Nanos): void => {
      this.#patient?.release(due);
      this.#review();
    };
    this.#held = new HeldBack((due, call) => guide.remind(due, call), release);
  }

  get isOpen(): boolean {
    return this.#patient !== undefined && !this.#isParting;
  }

  /** The connection is open. */
  open(patient: Patient): void {
    this.#patient = patient;
    this.#review();
  }

  /** Its end is on its way: nothing strikes it any more, but the line is what it is. */
  parts(): void {
    this.#isParting = true;
    this.#held.clear();
  }

  closed(): void {
    this.#isOver = true;
    this.#patient = undefined;
    this.#held.clear();
  }

  begin(injection: Injection): void {
    if (this.#isOver) return;
    if (this.key !== undefined && !this.#isParting) injection.meet(this);
    this.#afflictions = [...this.#afflictions, new Affliction(injection, this, this.#guide.circumstances(injection))];
    this.#review();
  }

  end(injection: Injection): void {
    const over = this.#afflictions.filter((one) => one.injection === injection);
    if (over.length === 0) return;
    this.#afflictions = this.#afflictions.filter((one) => one.injection !== injection);
    for (const affliction of over) {
      const { fault } = affliction;
      const wasAsked = this.#begun.delete(affliction) || fault.begin === undefined;
      if (wasAsked && !this.#isParting) fault.end?.(this.#guide.market ?? 0n, this.#copies);
      const patient = this.#patient;
      if (fault.over !== undefined && patient !== undefined && this.#struck.has(affliction)) {
        this.#soon(() => fault.over?.(patient));
      }
    }
    if (this.#isSpoilt) this.#patient?.flush();
    this.#review();
  }

  upgrade(): Turn | undefined {
    return this.#first('upgrade', (fault) => fault.upgrade?.());
  }

  login(credentials: Credentials): Refusal | 'ignored' | undefined {
    this.key = credentials.key;
    for (const { injection } of this.#afflictions) injection.meet(this);
    this.#guide.does('login', this);
    return this.#first('login', (fault) => fault.login?.(credentials));
  }

  /** It has logged in: what is aimed at its key strikes it. */
  known(): void {
    this.#review();
  }

  wishes(wishes: readonly Wish[]): readonly Wish[] {
    this.#guide.does('subscribe', this);
    return this.#live('wish').reduce((asked, affliction) => asked.flatMap((wish) => affliction.wishes(wish)), wishes);
  }

  /** How much it may have at most. */
  cap(of: 'connections' | 'symbols'): Cap | undefined {
    const caps = this.#live('most').flatMap((affliction) => affliction.cap(of) ?? []);
    return caps.sort((one, other) => one.most - other.most)[0];
  }

  unsubscribes(): void {
    this.#guide.does('unsubscribe', this);
  }

  notice(notice: Notice): 'lost' | Nanos | undefined {
    return this.#first('notice', (fault) => fault.notice?.(notice));
  }

  pong(): 'lost' | undefined {
    this.#guide.does('ping', this);
    return this.#first('pong', (fault) => fault.pong?.());
  }

  /** The session hears the tape from now on, by what `spoil` told it. */
  hears(): void {
    this.#hears = true;
    this.#review();
  }

  get nextRelease(): Nanos | undefined {
    return this.#held.next;
  }

  release(until: Nanos, out: Outlet): void {
    for (const { event, place } of this.#held.take(until)) {
      if (out(event, 0n, place) && place !== undefined) this.#guide.found(this.session, place);
    }
  }

  spoil(event: MarketEvent, tape: Nanos, sequence: number, shift: Nanos, out: Outlet): void {
    this.#hearing = tape;
    this.#heard = { tape, market: event.at };
    this.#guide.hears(this.#heard);
    for (const watch of this.#watches) watch.hear(event, tape, this);
    const place = { sequence, ordinal: this.#ordinal++, shift };
    this.#places.set(event, place);
    const chain = this.#about(event);
    if (chain.length === 0) return void out(event, 0n);
    let whole = false;
    const culprit = runGauntlet(chain, event, {
      session: this.session,
      sequence,
      out: (copy, skew) => {
        if (whole || copy !== event || skew !== 0n) this.#send(copy, skew, out);
        else whole = out(copy, skew);
      },
      hold: (copy, after) => this.#hold(copy, tape + after),
    });
    if (!whole) this.#guide.lost(this.session, place, culprit ?? '');
  }

  /** What becomes of an event that is none of the tape's, such as a whole book told to who has just subscribed. */
  tell(event: MarketEvent, out: (event: MarketEvent, skew: Nanos) => void): void {
    const hold = (copy: MarketEvent, after: Nanos): void => this.#hold(copy, this.#guide.tape + after);
    runGauntlet(this.#about(event), event, { session: this.session, sequence: undefined, out, hold });
  }

  placeOf(event: MarketEvent): Place | undefined {
    return this.#places.get(event);
  }

  payload(
    payload: Buffer,
    binary: boolean,
    of: readonly MarketEvent[],
    about: readonly number[],
    whole: readonly Place[],
  ): Buffer {
    const afflictions = this.#live('payload');
    if (afflictions.length === 0) return payload;
    const isAlone = this.#heard !== undefined && this.#guide.hears(this.#heard);
    let spoilt = payload;
    for (const affliction of afflictions) {
      const aimed = of.flatMap((event, place) => (affliction.isAbout(event) ? [{ event, place }] : []));
      if (aimed.length === 0 || !affliction.draws()) continue;
      const next = affliction.fault.payload?.(spoilt, binary, aimed) ?? spoilt;
      if (next === spoilt || next.equals(spoilt)) continue;
      const { injection } = affliction;
      if (spoilt === payload) for (const place of whole) this.#guide.lost(this.session, place, injection.terms.step);
      spoilt = next;
      injection.strike(this.session, about[0]);
    }
    if (isAlone) this.#guide.heard();
    return spoilt;
  }

  settle(): void {
    this.#hearing = undefined;
    const waiting = this.#afterwards.splice(0);
    if (waiting.length > 0) this.#patient?.flush();
    for (const strike of waiting) strike();
    this.#guide.heard();
  }

  /** Faults of events that strike this one. */
  #about(event: MarketEvent): readonly Affliction[] {
    if (this.#isParting) return [];
    return this.#afflictions.filter(
      (one) => one.fault.event !== undefined && one.isLive && one.isAbout(event) && one.draws(),
    );
  }

  /** Asks every fault that has such a hook, until one answers. */
  #first<Answer>(hook: keyof Fault, ask: (fault: Fault) => Answer | undefined): Answer | undefined {
    for (const affliction of this.#live(hook)) {
      const answer = affliction.ask(ask);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  #live(hook: keyof Fault): readonly Affliction[] {
    if (this.#afflictions.length === 0) return this.#afflictions;
    return this.#afflictions.filter((one) => one.fault[hook] !== undefined && one.isLive);
  }

  /** Something has begun, or ended, or is known now that was not: what follows for the connection. */
  #review(): void {
    const patient = this.#patient;
    if (patient === undefined) return;
    for (const affliction of this.#afflictions) {
      const { fault, injection } = affliction;
      if (this.#isParting || this.#struck.has(affliction) || (fault.strike === undefined && fault.line === undefined))
        continue;
      if (!affliction.isLive || !affliction.strikes) continue;
      this.#struck.add(affliction);
      if (fault.strike !== undefined) this.#soon(() => fault.strike?.(patient));
      injection.strike(this.session);
    }
    const bending = this.#afflictions.filter((one) => one.isLive && this.#struck.has(one));
    patient.bend(bending.flatMap(({ fault }) => fault.line ?? []));
    if (!this.#hears || this.#isParting) return;
    const spoilt = this.#watches.length > 0 || this.#held.size > 0 || this.#afflictions.some(({ spoils }) => spoils);
    if (spoilt !== this.#isSpoilt) patient.spoil(spoilt ? this : undefined);
    // What it hears in between, like all others, has no place.
    if (!spoilt) this.#ordinal++;
    this.#isSpoilt = spoilt;
    for (const affliction of this.#afflictions) {
      if (affliction.fault.begin === undefined || this.#begun.has(affliction) || !affliction.isLive) continue;
      this.#begun.add(affliction);
      affliction.fault.begin(this.#guide.market ?? 0n, this.#copies);
    }
    if (this.#begun.size > 0) patient.flush();
  }

  /** Strikes when the event under way is out, or at once when there is none. */
  #soon(strike: () => void): void {
    if (this.#hearing !== undefined) return void this.#afterwards.push(strike);
    this.#patient?.flush();
    strike();
  }

  readonly #copies: Copies = {
    pass: (event) => this.#send(event, 0n, (copy, _skew, place) => this.#patient?.insert(copy, place) ?? false),
    later: (event, after) => this.#hold(event, this.#guide.tape + after),
  };

  #hold(event: MarketEvent, due: Nanos): void {
    this.#held.add({ event, due, place: this.#places.get(event) });
  }

  /** Out goes an event that is not the one under way: of the tape, but late, or of nobody's. */
  #send(event: MarketEvent, skew: Nanos, out: Outlet): void {
    const place = this.#places.get(event);
    if (out(event, skew, place) && place !== undefined && skew === 0n) this.#guide.found(this.session, place);
  }
}
