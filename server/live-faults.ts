import type { Clock } from '../market/clock.ts';
import type { Nanos } from '../market/event.ts';
import type { Deck } from './deck.ts';
import type { Injection } from './injection/injection.ts';
import type { Injector } from './injector.ts';
import { explainEffect } from './scenario/explain-steps.ts';
import type { GivenInjection } from './scenario/injection-now.ts';
import type { Scenario } from './scenario/schema.ts';
import type { Rule, Step, Target } from './scenario/steps.ts';
import { labelOf } from './session/session-record.ts';

/** Faults injected by hand that are live at once, at most. */
const mostByHand = 1000;

/** A fault that is live, or was until just now. */
export interface LiveFault {
  /** Of its step or its rule, which may have set off several; or the name it was injected under. */
  readonly id: string;
  /** Name of the fault. */
  readonly fault: string;
  /** What it does, to whom and how long, in a sentence. */
  readonly sentence: string;
  /** Its key as the journal calls it. */
  readonly target: Target;
  /** The session that has set it off, at which alone it is aimed. */
  readonly session: number | undefined;
  readonly byHand: boolean;
  /** Wall time; of the tape at that moment. */
  readonly since: Nanos;
  readonly tape: Nanos;
  /** When it ends by itself, in wall time, if the tape goes on as it does; absent when it is not known, as while the tape its time goes by stands still. */
  readonly until: Nanos | undefined;
  /** How often it has struck, and may. */
  readonly strikes: number;
  readonly times: number | undefined;
  readonly isOver: boolean;
}

/** An injection that cannot be. */
export class InjectionError extends Error {
  override readonly name = 'InjectionError';
  readonly reason: 'taken' | 'full';

  constructor(reason: InjectionError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface LiveFaultsOptions {
  readonly injector: Injector;
  readonly scenario: Pick<Scenario, 'timeline' | 'rules'>;
  readonly deck: Deck;
  readonly clock: Clock;
}

/** What goes wrong now, by the scenario and by hand, and the hand itself. */
export class LiveFaults {
  readonly #options: LiveFaultsOptions;
  /** What was injected by hand and is not over, as it was given. */
  readonly #byHand = new Map<Injection, GivenInjection>();
  #injected = 0;

  constructor(options: LiveFaultsOptions) {
    this.#options = options;
  }

  /** In the order in which they began. */
  get all(): readonly LiveFault[] {
    return this.#options.injector.live.map((injection) => this.#told(injection));
  }

  get size(): number {
    return this.#options.injector.live.length;
  }

  /** Begins a fault at once. Throws an `InjectionError` for an id that a step has or a live fault, and for one too many. */
  begin(given: GivenInjection): LiveFault {
    for (const injection of this.#byHand.keys()) if (injection.isOver) this.#byHand.delete(injection);
    if (this.#byHand.size >= mostByHand) {
      throw new InjectionError('full', `${mostByHand} injected faults are live already; lift one of them first`);
    }
    const id = given.id ?? this.#newId();
    if (this.#isTaken(id)) {
      throw new InjectionError('taken', `${id} is a step of the scenario, or live already; choose another id`);
    }
    this.#injected++;
    const injection = this.#options.injector.inject({ ...given, id });
    this.#byHand.set(injection, given);
    return this.#told(injection);
  }

  /** Ends everything live under an id, at once. False when there is nothing. */
  lift(id: string): boolean {
    const { injector } = this.#options;
    const lifted = injector.live.filter(({ terms }) => terms.step === id);
    for (const injection of lifted) injector.lift(injection);
    return lifted.length > 0;
  }

  #newId(): string {
    for (let number = this.#injected + 1; ; number++) {
      const id = `now-${number}`;
      if (!this.#isTaken(id)) return id;
    }
  }

  #isTaken(id: string): boolean {
    const { scenario, injector } = this.#options;
    const steps = [...scenario.timeline, ...scenario.rules];
    return steps.some((step) => step.id === id) || injector.live.some(({ terms }) => terms.step === id);
  }

  #told(injection: Injection): LiveFault {
    const { terms, strikes, isOver } = injection;
    const { step, fault, target, by, began, times } = terms;
    const given = this.#byHand.get(injection);
    const source = given === undefined ? terms.source : { ...given, id: step };
    return {
      ...{ id: step, fault: fault.name, sentence: explainEffect(discreet(source)), session: by, isOver, strikes },
      target: discreet({ target }).target ?? {},
      byHand: given !== undefined,
      since: began.wall,
      tape: began.tape,
      until: typeof source.for === 'bigint' ? this.#end(began, source.for, source.realtime) : undefined,
      times: times === Infinity ? undefined : times,
    };
  }

  #end({ wall, tape }: { readonly wall: Nanos; readonly tape: Nanos }, span: Nanos, realtime: boolean) {
    const { injector, deck, clock } = this.#options;
    if (realtime) return wall + span;
    const isMoving = deck.phase === 'ended' || (deck.phase === 'playing' && deck.speed !== 'max');
    return isMoving ? clock.now() + injector.wall(tape + span - injector.agenda.tape) : undefined;
  }
}

/** With the label of the key at which it is aimed, instead of the key. */
function discreet<Aimed extends Pick<Step | Rule, 'target'>>(step: Aimed): Aimed {
  const { key } = step.target ?? {};
  return key === undefined ? step : { ...step, target: { ...step.target, key: labelOf(key) } };
}
