import type { MarketEvent, Nanos } from '../market/event.ts';
import type { Credentials, Notice, Refusal, Wish } from './exchanges/exchange.ts';
import type { Circumstances, Copies, Fault, Shape, Turn, Victim } from './faults/fault.ts';
import { Affliction, type Aim, type Injection } from './injection.ts';
import type { Outlet, Spoiler } from './solo.ts';
import type { Watch } from './watch.ts';

/** What faults do to an open connection. */
export interface Patient extends Victim {
  /** From now on its bytes travel like that. */
  bend(shapes: readonly Shape[]): void;
  /** From now on it hears its own, spoilt copy of the tape, or what all hear. */
  spoil(spoiler: Spoiler | undefined): void;
  /** Sends an event of nobody's tape, or what is held back until a tape time, to a client with its own copy. */
  insert(event: MarketEvent): void;
  release(until: Nanos): void;
  /** Sends what is ready before something else happens. */
  flush(): void;
}

/** What an ordeal needs of whoever leads it. */
export interface Guide {
  /** Tape time and market time of what happens now. */
  readonly tape: Nanos;
  readonly market: Nanos | undefined;
  circumstances(injection: Injection): Omit<Circumstances, 'chance' | 'symbols'>;
  /** A client does something that may set off a rule. */
  does(action: 'login' | 'subscribe' | 'unsubscribe' | 'ping', aim: Aim): void;
  /** Something held back is to be released at that tape time, if no event comes before. */
  remind(tape: Nanos, call: () => void): void;
  /** A session was not sent an event of the tape as it is; or was, after all. */
  lost(session: number, sequence: number, step: string): void;
  found(session: number, sequence: number): void;
}

interface Held {
  readonly event: MarketEvent;
  readonly due: Nanos;
}

/** Events held back for one session; the oldest go when there are more. */
const mostHeld = 100_000;

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
  #held: Held[] = [];
  /** What is to happen when the event under way is out. */
  #afterwards: (() => void)[] = [];
  readonly #numbers = new WeakMap<MarketEvent, number>();
  #isOver = false;

  constructor(session: number, exchange: string, path: string, watches: readonly Watch[], guide: Guide) {
    this.session = session;
    this.exchange = exchange;
    this.path = path;
    this.#watches = watches;
    this.#guide = guide;
  }

  get isOpen(): boolean {
    return this.#patient !== undefined;
  }

  /** The connection is open. */
  open(patient: Patient): void {
    this.#patient = patient;
    this.#review();
  }

  closed(): void {
    this.#isOver = true;
    this.#patient = undefined;
    this.#held = [];
  }

  begin(injection: Injection): void {
    if (this.#isOver) return;
    this.#afflictions = [...this.#afflictions, new Affliction(injection, this, this.#guide.circumstances(injection))];
    this.#review();
  }

  end(injection: Injection): void {
    const over = this.#afflictions.filter((one) => one.injection === injection);
    if (over.length === 0) return;
    this.#afflictions = this.#afflictions.filter((one) => one.injection !== injection);
    for (const affliction of over) {
      const { fault } = affliction;
      if (this.#begun.delete(affliction) || fault.begin === undefined)
        fault.end?.(this.#guide.market ?? 0n, this.#copies);
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
    this.#guide.does('login', this);
    return this.#first('login', (fault) => fault.login?.(credentials));
  }

  /** It has logged in: what is aimed at its key strikes it. */
  known(): void {
    this.#review();
  }

  wishes(wishes: readonly Wish[]): readonly Wish[] {
    this.#guide.does('subscribe', this);
    return this.#live('wish').reduce(
      (asked, affliction) => asked.flatMap((wish) => affliction.ask((fault) => fault.wish?.(wish)) ?? [wish]),
      wishes,
    );
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
    return this.#held[0]?.due;
  }

  release(until: Nanos, out: Outlet): void {
    for (let [next] = this.#held; next !== undefined && next.due <= until; [next] = this.#held) {
      this.#held.shift();
      this.#send(next.event, 0n, out);
    }
  }

  spoil(event: MarketEvent, tape: Nanos, sequence: number, out: Outlet): void {
    for (const watch of this.#watches) watch.hear(event, tape, this);
    this.#numbers.set(event, sequence);
    const chain = this.#afflictions.filter(
      (one) => one.fault.event !== undefined && one.isLive && one.isAbout(event) && one.draws(),
    );
    if (chain.length === 0) return out(event, 0n);
    let whole = false;
    let culprit: string | undefined;
    const hand = (index: number, copy: MarketEvent, skew: Nanos): void => {
      const affliction = chain[index];
      if (affliction === undefined) {
        if (copy === event && skew === 0n) whole = true;
        return copy === event && skew === 0n ? out(copy, skew) : this.#send(copy, skew, out);
      }
      const touched = affliction.take(copy, {
        pass: (next, more = 0n) => hand(index + 1, next, skew + more),
        later: (next, after) => this.#hold(next, tape + after),
      });
      if (!touched) return;
      culprit = affliction.injection.terms.step;
      affliction.injection.strike(this.session, sequence);
    };
    hand(0, event, 0n);
    if (!whole) this.#guide.lost(this.session, sequence, culprit ?? '');
  }

  payload(payload: Buffer, binary: boolean, of: readonly MarketEvent[], about: readonly MarketEvent[]): Buffer {
    let spoilt = payload;
    for (const affliction of this.#live('payload')) {
      const aimed = of.flatMap((event, place) => (affliction.isAbout(event) ? [{ event, place }] : []));
      if (aimed.length === 0 || !affliction.draws()) continue;
      const next = affliction.fault.payload?.(spoilt, binary, aimed) ?? spoilt;
      if (next === spoilt || next.equals(spoilt)) continue;
      spoilt = next;
      const numbers = about.flatMap((event) => this.#numbers.get(event) ?? []);
      for (const sequence of numbers) this.#guide.lost(this.session, sequence, affliction.injection.terms.step);
      affliction.injection.strike(this.session, numbers[0]);
    }
    return spoilt;
  }

  settled(): boolean {
    if (this.#afterwards.length > 0) this.#runSoon();
    return !this.#isOver;
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
      if (this.#struck.has(affliction) || (fault.strike === undefined && fault.line === undefined)) continue;
      if (!affliction.isLive || !affliction.strikes) continue;
      this.#struck.add(affliction);
      if (fault.strike !== undefined) this.#soon(() => fault.strike?.(patient));
      injection.strike(this.session);
    }
    const bending = this.#afflictions.filter((one) => one.isLive && this.#struck.has(one));
    patient.bend(bending.flatMap(({ fault }) => fault.line ?? []));
    if (!this.#hears) return;
    const spoilt = this.#watches.length > 0 || this.#held.length > 0 || this.#afflictions.some(spoils);
    if (spoilt !== this.#isSpoilt) patient.spoil(spoilt ? this : undefined);
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
    this.#afterwards.push(strike);
    if (!this.#isSpoilt) this.#runSoon();
    else this.#guide.remind(this.#guide.tape, () => this.#runSoon());
  }

  #runSoon(): void {
    const waiting = this.#afterwards.splice(0);
    if (waiting.length === 0) return;
    this.#patient?.flush();
    for (const strike of waiting) strike();
  }

  readonly #copies: Copies = {
    pass: (event) => this.#send(event, 0n, (copy) => this.#patient?.insert(copy)),
    later: (event, after) => this.#hold(event, this.#guide.tape + after),
  };

  #hold(event: MarketEvent, due: Nanos): void {
    const at = this.#held.findIndex((other) => other.due > due);
    this.#held.splice(at < 0 ? this.#held.length : at, 0, { event, due });
    if (this.#held.length > mostHeld) this.#held.shift();
    this.#guide.remind(due, () => {
      this.#patient?.release(due);
      this.#review();
    });
  }

  /** Out goes an event that is not the one under way: of the tape, but late, or of nobody's. */
  #send(event: MarketEvent, skew: Nanos, out: Outlet): void {
    const sequence = this.#numbers.get(event);
    if (sequence !== undefined && skew === 0n) this.#guide.found(this.session, sequence);
    out(event, skew);
  }
}

/** Whether such a fault needs a session to have its own copy. */
function spoils({ fault, injection }: Affliction): boolean {
  if (injection.isOver) return false;
  return (['event', 'payload', 'begin', 'end'] as const).some((hook) => hook in fault);
}
