import type { Calendar } from '../market/calendar.ts';
import type { Cancel, Clock } from '../market/clock.ts';
import type { Market, Nanos } from '../market/event.ts';
import { Agenda } from './agenda.ts';
import type { Deck } from './deck.ts';
import type { Circumstances } from './faults/fault.ts';
import { type ChosenFault, chosenFault } from './faults/index.ts';
import { Affliction, type Aim, Injection, isAt } from './injection.ts';
import { type Guide, Ordeal } from './ordeal.ts';
import type { Emission } from './reel.ts';
import { RunningRule } from './running-rule.ts';
import type { clientActions, Rule, Step } from './scenario/steps.ts';
import { type Watch, watchOf } from './watch.ts';

/** What the injector tells of its work. */
export interface FaultWitness {
  /** A step begins, strikes, or is over. */
  fault(step: string, name: string, phase: 'begins' | 'strikes' | 'ends', session?: number, sequence?: number): void;
  lost(session: number, sequence: number, step: string): void;
  found(session: number, sequence: number): void;
}

export interface InjectorOptions {
  readonly timeline: readonly Step[];
  readonly rules: readonly Rule[];
  readonly seed: number;
  /** The deck by whose tape faults are timed. */
  readonly deck: Deck;
  readonly clock: Clock;
  readonly calendar: Calendar;
  readonly witness: FaultWitness;
  marketOf(symbol: string): Market | undefined;
}

type ClientAction = (typeof clientActions)[number];

/** What strikes each time and is counted one by one, so that a rule without `for` means just the one that set it off. */
const single = ['upgrade', 'login', 'subscription', 'reply', 'ping', 'event', 'frame', 'request'];

/**
 * Breaks the market on cue: begins every step of the timeline at its place on the tape and every rule when its trigger says so, aims
 * them at connections and requests, and ends them.
 */
export class Injector implements Disposable {
  readonly #options: InjectorOptions;
  readonly #agenda: Agenda;
  readonly #rules: readonly RunningRule[];
  #live: readonly Injection[] = [];
  readonly #ordeals = new Set<Ordeal>();
  /** Followers of a step that is over; those whose time is already being counted on the wall. */
  readonly #followed = new Set<Step>();
  readonly #expiring = new WeakSet<Injection>();
  readonly #wakes = new Set<Cancel>();
  readonly #asked = new WeakMap<Injection, Map<string, Affliction>>();
  #knocks = 0;
  readonly #guide: Guide;

  constructor(options: InjectorOptions) {
    const { deck, clock, calendar, witness } = options;
    this.#options = options;
    const agenda = (this.#agenda = new Agenda(deck, clock, calendar));
    this.#guide = {
      get tape() {
        return agenda.tape;
      },
      get market() {
        return agenda.market;
      },
      circumstances: (injection) => this.#circumstances(injection),
      does: (action, aim) => this.#does(action, aim),
      remind: (tape, call) => void agenda.at(tape, call),
      lost: (session, sequence, step) => witness.lost(session, sequence, step),
      found: (session, sequence) => witness.found(session, sequence),
    };
    this.#rules = options.rules.map((rule) => new RunningRule(rule));
    for (const step of options.timeline) this.#schedule(step);
    for (const running of this.#rules) this.#watchTape(running);
  }

  /** Tape time now. */
  get tape(): Nanos {
    return this.#agenda.tape;
  }

  /** Wall time of a span of tape time, at the speed of the deck. */
  wall(span: Nanos): Nanos {
    return this.#agenda.wall(span);
  }

  /** Does what is due before an emission begins. Returns the position up to which nothing else is due. */
  reach(emission: Emission): number {
    return this.#agenda.reach(emission);
  }

  /** The deck was told something. */
  moved(): void {
    this.#agenda.rearm();
  }

  /** The tape is over. */
  ended(): void {
    this.#agenda.ended();
  }

  /** Somebody asks to be let in to a stream. */
  knock(exchange: string, path: string): Ordeal {
    const watches = this.#rules.flatMap((running): Watch[] => {
      const fire = (aim: Aim): void => (running.isAbout(aim) ? this.#fire(running, aim) : undefined);
      const quench = (aim: Aim): void => this.#quench(running, aim);
      const watch = watchOf(running.rule, { fire, quench });
      return watch === undefined ? [] : [watch];
    });
    const ordeal: Ordeal = new Ordeal(++this.#knocks, exchange, path, watches, this.#guide);
    this.#ordeals.add(ordeal);
    for (const injection of this.#live) if (injection.mayAimAt(ordeal)) ordeal.begin(injection);
    for (const running of this.#rules) {
      const { connection } = running.rule.when ?? {};
      if (connection !== undefined && running.isAbout(ordeal) && running.counts(connection))
        this.#fire(running, ordeal);
    }
    return ordeal;
  }

  left(ordeal: Ordeal): void {
    ordeal.closed();
    this.#ordeals.delete(ordeal);
  }

  /** Somebody asks over HTTP: what may touch the request, in the order in which it began. */
  request(exchange: string, path: string, key: string | undefined): readonly Affliction[] {
    const aim = { session: 0, exchange, path, key };
    this.#does('request', aim);
    return this.#live
      .filter((injection) => injection.terms.sessions === undefined && injection.aimsAt(aim))
      .map((injection) => this.#afflictionOf(injection, aim));
  }

  [Symbol.dispose](): void {
    this.#agenda[Symbol.dispose]();
    for (const cancel of this.#wakes) cancel();
    this.#wakes.clear();
    this.#live = [];
  }

  #schedule(step: Step): void {
    const begin = (): void => void this.#begin(step, undefined, 0, undefined);
    if (step.at !== undefined) this.#at(step, step.at, begin);
    else if (step.market !== undefined) {
      const cancel = this.#agenda.each(step.market, () => {
        cancel();
        begin();
      });
    }
    // A step that comes after another is scheduled when that one is over.
  }

  /** At a tape time; at so much wall time from now where the step wants real time. */
  #at({ realtime }: Pick<Step, 'realtime'>, tape: Nanos, act: () => void): void {
    if (realtime) this.#wake(tape, act);
    else this.#agenda.at(tape, act);
  }

  #wake(span: Nanos, act: () => void): void {
    const { clock } = this.#options;
    const cancel = clock.wake(clock.now() + span, () => {
      this.#wakes.delete(cancel);
      act();
    });
    this.#wakes.add(cancel);
  }

  /** Rules that go by the tape alone, or by nothing. */
  #watchTape(running: RunningRule): void {
    const { rule } = running;
    const { when } = rule;
    if (when === undefined) return void this.#begin(rule, undefined, 0, undefined);
    if (when.market !== undefined) this.#agenda.each(when.market, () => this.#fire(running, undefined));
    const { interval } = when;
    if (interval === undefined) return;
    const again = (count: bigint): void => {
      this.#at(rule, interval * (rule.realtime ? 1n : count), () => {
        this.#fire(running, undefined);
        again(count + 1n);
      });
    };
    again(1n);
  }

  #does(action: ClientAction, aim: Aim): void {
    for (const running of this.#rules) {
      const { client } = running.rule.when ?? {};
      if (client?.does !== action) continue;
      if (running.isAbout(aim) && running.counts(client)) this.#fire(running, aim);
    }
  }

  /** Sets off a rule, for the one that caused it or for all. */
  #fire(running: RunningRule, by: Aim | undefined): void {
    if (running.isSpent(by)) return;
    const { rule } = running;
    running.began(this.#begin(rule, by, running.fired++, rule), by);
  }

  /** What set off a rule is over. */
  #quench(running: RunningRule, by: Aim): void {
    const injection = running.injectionOf(by);
    if (running.rule.for === undefined && injection !== undefined) this.#end(injection);
  }

  /** `rule`: what was set off, by `by` if by a client. */
  #begin(step: Step | Rule, by: Aim | undefined, occurrence: number, rule: Rule | undefined): Injection {
    const fault = chosenFault(step.inject);
    const { id, probability, per, realtime } = step;
    const { seed, witness } = this.#options;
    const terms = { step: id, fault, probability, per, realtime, occurrence, seed };
    const struck = (session: number | undefined, sequence: number | undefined): void => {
      witness.fault(id, fault.name, 'strikes', session, sequence);
      if (typeof step.for === 'bigint') this.#expire(injection, step.for);
    };
    const injection: Injection = new Injection(
      { ...terms, ...aimOf(step, by), sessions: this.#sessionsOf(step, by), times: timesOf(step, rule, fault) },
      struck,
      () => this.#end(injection),
    );
    witness.fault(id, fault.name, 'begins', by?.session);
    this.#live = [...this.#live, injection];
    for (const ordeal of [...this.#ordeals]) if (injection.mayAimAt(ordeal)) ordeal.begin(injection);
    if (typeof step.for === 'bigint') {
      const { tape } = this.#agenda;
      this.#at(step, step.realtime ? step.for : tape + step.for, () => this.#end(injection));
    } else if (fault.momentary && step.for === undefined && (rule !== undefined || step.times === undefined)) {
      this.#end(injection);
    }
    return injection;
  }

  /** Before the tape plays its time stands still: then a fault's time is that of the wall, from the first it has struck. */
  #expire(injection: Injection, span: Nanos): void {
    if (this.#options.deck.phase !== 'waiting' || this.#expiring.has(injection)) return;
    this.#expiring.add(injection);
    this.#wake(injection.terms.realtime ? span : this.wall(span), () => this.#end(injection));
  }

  #end(injection: Injection): void {
    if (injection.isOver) return;
    injection.end();
    const { step, fault } = injection.terms;
    this.#live = this.#live.filter((other) => other !== injection);
    for (const ordeal of [...this.#ordeals]) ordeal.end(injection);
    this.#options.witness.fault(step, fault.name, 'ends');
    for (const follower of this.#options.timeline) {
      if (follower.after !== step || this.#followed.has(follower)) continue;
      this.#followed.add(follower);
      const begin = (): void => void this.#begin(follower, undefined, 0, undefined);
      const { plus = 0n } = follower;
      this.#at(follower, follower.realtime ? plus : this.#agenda.tape + plus, begin);
    }
  }

  /** The sessions that a step is aimed at by number; all when absent. */
  #sessionsOf({ target }: Step | Rule, by: Aim | undefined): ReadonlySet<number> | undefined {
    if (by !== undefined) return by.session === 0 ? undefined : new Set([by.session]);
    const { sessions, endpoint } = target ?? {};
    if (sessions === undefined || Array.isArray(sessions)) return sessions && new Set(sessions);
    const open = [...this.#ordeals].filter(
      ({ isOpen, exchange, path }) => isOpen && (endpoint === undefined || isAt(endpoint, exchange, path)),
    );
    // Who comes first is the oldest, and the newest, when nobody is there.
    const chosen = sessions === 'oldest' ? open[0] : open.at(-1);
    return chosen && new Set([chosen.session]);
  }

  /** Requests of one client meet the same fault, so that its chance goes on from one to the next. */
  #afflictionOf(injection: Injection, aim: Aim): Affliction {
    const known = this.#asked.get(injection) ?? new Map<string, Affliction>();
    this.#asked.set(injection, known);
    const client = `${aim.exchange} ${aim.key}`;
    const affliction = known.get(client) ?? new Affliction(injection, aim, this.#circumstances(injection));
    known.set(client, affliction);
    return affliction;
  }

  #circumstances({ terms }: Injection): Omit<Circumstances, 'chance' | 'symbols'> {
    return {
      wall: (span) => (terms.realtime ? span : this.wall(span)),
      marketOf: (symbol) => this.#options.marketOf(symbol),
    };
  }
}

/** Whom it is aimed at; a rule that a request has set off is aimed at its client. */
function aimOf({ target = {} }: Step | Rule, by: Aim | undefined): Pick<Injection['terms'], 'target'> {
  return { target: by?.session === 0 && by.key !== undefined ? { ...target, key: by.key } : target };
}

/** How often it strikes. A rule that counts one by one strikes just what has set it off, unless it is said to last. */
function timesOf(step: Step | Rule, rule: Rule | undefined, { counts }: ChosenFault): number {
  if (rule === undefined) return step.times ?? Infinity;
  return step.for === undefined && single.includes(counts) && rule.when?.rate === undefined ? 1 : Infinity;
}
