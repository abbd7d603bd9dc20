import type { Calendar } from '../market/calendar.ts';
import type { Clock } from '../market/clock.ts';
import type { Market, Nanos } from '../market/event.ts';
import { Agenda } from './injection/agenda.ts';
import { Alarms } from './injection/alarms.ts';
import { Askers } from './injection/askers.ts';
import type { Deck } from './deck.ts';
import type { Circumstances } from './faults/fault.ts';
import { chosenFault } from './faults/index.ts';
import { chosenSessions } from './injection/chosen-sessions.ts';
import type { FaultLine } from './injection/fault-log.ts';
import type { FaultWitness } from './injection/fault-witness.ts';
import { type Affliction, Injection } from './injection/injection.ts';
import { type Aim, chanceOf, type Outset, strikesOnce, targetOf } from './injection/injection-terms.ts';
import type { Guide } from './injection/guide.ts';
import { Ordeal } from './injection/ordeal.ts';
import { RunningRule } from './injection/running-rule.ts';
import type { clientActions, Rule, Step } from './scenario/steps.ts';
import { type Watch, watchOf } from './injection/watch.ts';

export interface InjectorOptions {
  readonly timeline: readonly Step[];
  readonly rules: readonly Rule[];
  readonly seed: number;
  /** The deck by whose tape faults are timed. */
  readonly deck: Deck;
  readonly clock: Clock;
  readonly calendar: Calendar;
  /** Events of one window share a frame. */
  readonly window: Nanos;
  readonly witness: FaultWitness;
  marketOf(symbol: string): Market | undefined;
}

/**
 * Breaks the market on cue: begins every step of the timeline at its place on the tape and every rule when its trigger says so, aims
 * them at connections and requests, and ends them.
 */
export class Injector implements Disposable {
  readonly #options: InjectorOptions;
  /** By which it is led, and which its deck leads. */
  readonly agenda: Agenda;
  readonly #rules: readonly RunningRule[];
  #live: readonly Injection[] = [];
  readonly #ordeals = new Set<Ordeal>();
  /** Steps that wait for the end of the one of that id; those whose time is already being counted on the wall. */
  readonly #followers = new Map<string, Step[]>();
  readonly #expiring = new WeakSet<Injection>();
  readonly #alarms: Alarms;
  readonly #askers = new Askers();
  #knocks = 0;
  readonly #guide: Guide;

  constructor(options: InjectorOptions) {
    const { deck, clock, calendar, window, witness } = options;
    this.#options = options;
    this.#alarms = new Alarms(clock);
    const agenda = (this.agenda = new Agenda(deck, clock, calendar, window));
    this.#guide = {
      get tape() {
        return agenda.tape;
      },
      get market() {
        return agenda.market;
      },
      circumstances: (injection) => this.#circumstances(injection),
      does: (action, aim) => this.#does(action, aim),
      hears: (place) => agenda.hears(place),
      heard: () => agenda.heard(),
      remind: (tape, call) => agenda.at(tape, call),
      lost: (session, place, step) => witness.lost(session, place, step),
      found: (session, place) => witness.found(session, place),
    };
    this.#rules = options.rules.map((rule) => new RunningRule(rule));
    for (const step of options.timeline) this.#schedule(step);
    for (const running of this.#rules) this.#watchTape(running);
  }

  /** Wall time of a span of tape time, at the speed of the deck. */
  wall(span: Nanos): Nanos {
    return this.agenda.wall(span);
  }

  /** Somebody asks to be let in to a stream. */
  knock(exchange: string, path: string): Ordeal {
    const watches = this.#rules.flatMap((running): Watch[] => {
      if (!running.mayBeAbout({ exchange, path })) return [];
      const fire = (aim: Aim): void => (running.isAbout(aim) ? this.#fire(running, aim) : undefined);
      const watch = watchOf(running.rule, { fire, quench: (aim) => this.#quench(running, aim) });
      return watch === undefined ? [] : [watch];
    });
    const ordeal: Ordeal = new Ordeal(++this.#knocks, exchange, path, watches, this.#guide);
    this.#ordeals.add(ordeal);
    for (const injection of this.#live) {
      injection.meet(ordeal);
      if (injection.mayAimAt(ordeal)) ordeal.begin(injection);
    }
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
    for (const running of this.#rules) running.forget(ordeal);
    // What it has set off strikes nobody any more, and is told of when its time is over.
    this.#live = this.#live.filter(({ terms }) => terms.by !== ordeal.session);
  }

  /** How many connections there are, with those that knock. */
  readonly open = (): number => this.#ordeals.size;

  /** What is live, in the order in which it began. */
  get live(): readonly Injection[] {
    return this.#live;
  }

  /** Begins a step now, whatever it says of when; its real time counts from now, whether the tape plays or not. */
  inject(step: Step): Injection {
    const { realtime, for: span } = step;
    if (!realtime || typeof span !== 'bigint') return this.#begin(step);
    const injection = this.#begin({ ...step, for: 'run' });
    injection.expires(this.#alarms.in(span, () => this.#end(injection)));
    return injection;
  }

  /** Ends it before its time. */
  lift(injection: Injection): void {
    this.#end(injection);
  }

  /** Somebody asks over HTTP: what may touch the request, in the order in which it began. */
  request(exchange: string, path: string, key: string | undefined): readonly Affliction[] {
    const aim = { session: 0, exchange, path, key: key ?? '' };
    this.#does('request', aim);
    return this.#live
      .filter((injection) => injection.isForAll && injection.aimsAt(aim))
      .map((injection) => this.#askers.affliction(injection, aim, this.#circumstances(injection)));
  }

  /** What it could not remember of clients, in sentences without a full stop. */
  readonly beyond = (): readonly string[] => [...this.#askers.beyond, ...this.#rules.flatMap(({ beyond }) => beyond)];

  [Symbol.dispose](): void {
    this.agenda[Symbol.dispose]();
    this.#alarms[Symbol.dispose]();
    this.#live = [];
  }

  #schedule(step: Step): void {
    const { at, market } = step;
    const begin = (): void => void this.#begin(step);
    // At 0 it begins before anything is played, in real time too.
    if (at === 0n) this.agenda.at(at, begin);
    else if (at !== undefined) this.#fromStart(step, () => this.#at(step, at, begin));
    else if (market !== undefined) {
      const cancel = this.agenda.each(market, () => {
        cancel();
        begin();
      });
    }
    // A step that comes after another is scheduled when that one is over.
    if (step.after !== undefined) this.#followers.set(step.after, [...(this.#followers.get(step.after) ?? []), step]);
  }

  /** At a tape time; at so much wall time from now where the step wants real time. */
  #at({ realtime }: Pick<Step, 'realtime'>, tape: Nanos, act: () => void): void {
    if (realtime) this.#alarms.in(tape, act);
    else this.agenda.at(tape, act);
  }

  /** What goes by real time waits until the tape begins to play; tape time does by itself. */
  #fromStart({ realtime }: Pick<Step, 'realtime'>, schedule: () => void): void {
    return realtime ? this.agenda.started(schedule) : schedule();
  }

  /** Rules that go by the tape alone, or by nothing. */
  #watchTape(running: RunningRule): void {
    const { rule } = running;
    const { when } = rule;
    if (when === undefined) return void this.#begin(rule);
    if (when.market !== undefined) this.agenda.each(when.market, () => this.#fire(running, undefined));
    const { interval } = when;
    if (interval === undefined) return;
    const again = (count: bigint): void => {
      this.#at(rule, interval * (rule.realtime ? 1n : count), () => {
        this.#fire(running, undefined);
        again(count + 1n);
      });
    };
    this.#fromStart(rule, () => again(1n));
  }

  #does(action: (typeof clientActions)[number], aim: Aim): void {
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
    const { id: step, per, probability } = rule;
    const sessions = chosenSessions(rule, this.#ordeals);
    if (by !== undefined && sessions !== 'first' && sessions?.has(by.session) === false) return;
    const occurrence = running.occurrences++;
    const once = strikesOnce(rule, chosenFault(rule.inject));
    if (by === undefined || !once) return running.began(this.#begin(rule, { by, occurrence, once }), by);
    // Drawn when it is set off: it would otherwise be drawn again and again until it strikes.
    const terms = { seed: this.#options.seed, step, per, occurrence };
    if (chanceOf(terms, 'probability', by.session).next() >= probability) return;
    running.began(this.#begin(rule, { by, occurrence, once, probability: 1 }), by);
  }

  /** What set off a rule is over. */
  #quench(running: RunningRule, by: Aim): void {
    const injection = running.injectionOf(by);
    if (running.rule.for === undefined && injection !== undefined) this.#end(injection);
  }

  #begin(step: Step | Rule, outset?: Outset): Injection {
    const fault = chosenFault(step.inject);
    const { id, per, realtime } = step;
    const { by, occurrence = 0, probability = step.probability } = outset ?? {};
    const own = by === undefined || by.session === 0 ? undefined : by.session;
    // At once, unless it waits for the connection of who has set it off.
    const isOver = fault.momentary && step.for === undefined && (outset !== undefined || step.times === undefined);
    const waits =
      isOver && own !== undefined && ![...this.#ordeals].some(({ session, isOpen }) => session === own && isOpen);
    const struck = (session: number | undefined, sequence: number | undefined): void => {
      this.#tell(injection, 'strikes', session, sequence);
      if (typeof step.for === 'bigint') this.#expire(injection, step.for);
    };
    const injection: Injection = new Injection(
      {
        ...{ step: id, fault, probability, per, realtime, occurrence, seed: this.#options.seed },
        ...{
          source: step,
          began: { wall: this.#options.clock.now(), tape: this.agenda.tape },
          target: targetOf(step, by),
        },
        sessions: own === undefined ? chosenSessions(step, this.#ordeals) : new Set([own]),
        by: own,
        times:
          (outset === undefined ? step.times : outset.once && (waits || !fault.momentary) ? 1 : undefined) ?? Infinity,
      },
      struck,
      () => this.#end(injection),
    );
    this.#tell(injection, 'begins', by?.session);
    this.#live = [...this.#live, injection];
    for (const ordeal of [...this.#ordeals]) if (injection.mayAimAt(ordeal)) ordeal.begin(injection);
    if (typeof step.for === 'bigint') {
      const until = step.realtime ? step.for : this.agenda.tape + step.for;
      this.#fromStart(step, () => this.#at(step, until, () => this.#end(injection)));
    } else if (isOver && !waits) this.#end(injection);
    return injection;
  }

  /** Before the tape plays its time stands still: then a fault's time is that of the wall, from the first it has struck. */
  #expire(injection: Injection, span: Nanos): void {
    if (this.#options.deck.phase !== 'waiting' || this.#expiring.has(injection)) return;
    this.#expiring.add(injection);
    this.#alarms.in(injection.terms.realtime ? span : this.wall(span), () => this.#end(injection));
  }

  #end(injection: Injection): void {
    if (injection.isOver) return;
    injection.end();
    const { step } = injection.terms;
    this.#live = this.#live.filter((other) => other !== injection);
    for (const ordeal of [...this.#ordeals]) ordeal.end(injection);
    this.#tell(injection, 'ends');
    const followers = this.#followers.get(step) ?? [];
    this.#followers.delete(step);
    for (const follower of followers) {
      const { plus = 0n, realtime } = follower;
      this.#at(follower, realtime ? plus : this.agenda.tape + plus, () => void this.#begin(follower));
    }
  }

  #tell({ terms }: Injection, phase: FaultLine['phase'], session?: number, from?: number): void {
    const { step, fault } = terms;
    this.#options.witness.fault({ step, name: fault.name, phase, session, tape: this.agenda.tape, from });
  }

  #circumstances({ terms }: Injection): Omit<Circumstances, 'chance' | 'symbols'> {
    return {
      wall: (span) => (terms.realtime ? span : this.wall(span)),
      marketOf: (symbol) => this.#options.marketOf(symbol),
    };
  }
}
