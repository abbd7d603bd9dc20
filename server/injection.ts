import { keyOf, Chance } from '../market/chance.ts';
import type { MarketEvent, Nanos } from '../market/event.ts';
import type { ChosenFault } from './faults/index.ts';
import type { Circumstances, Copies, Fault } from './faults/fault.ts';
import type { Target } from './scenario/steps.ts';

/** What a step or a rule has set going. */
export interface InjectionTerms {
  /** Id of the step, or of the rule. */
  readonly step: string;
  readonly fault: ChosenFault;
  readonly target: Target;
  /** Aimed at these sessions alone, by their numbers; at all that the target names when absent. */
  readonly sessions: ReadonlySet<number> | undefined;
  /** How often it strikes at most. */
  readonly times: number;
  readonly probability: number;
  readonly per: 'message' | 'connection';
  /** Its durations are wall time whatever the speed. */
  readonly realtime: boolean;
  /** Which occurrence of its rule this is, from 0; each draws from a stream of its own. */
  readonly occurrence: number;
  /** The scenario's. */
  readonly seed: number;
}

/** A client as a target may name it. */
export interface Aim {
  readonly session: number;
  readonly exchange: string;
  readonly path: string;
  /** The key it has shown. */
  readonly key: string | undefined;
}

/** What streams of chance are for. */
const purposes = { fault: 0, probability: 1 } as const;

/** A fault that has begun and is not over: one step of the timeline, or one occurrence of a rule. */
export class Injection {
  readonly terms: InjectionTerms;
  #left: number;
  #isOver = false;
  readonly #spent: () => void;
  readonly #struck: (session: number | undefined, sequence: number | undefined) => void;

  /** `struck` hears of every strike; `spent` is called when it has struck as often as it may. */
  constructor(
    terms: InjectionTerms,
    struck: (session: number | undefined, sequence: number | undefined) => void,
    spent: () => void,
  ) {
    this.terms = terms;
    this.#left = terms.times;
    this.#struck = struck;
    this.#spent = spent;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  aimsAt(aim: Aim): boolean {
    const { key } = this.terms.target;
    return (key === undefined || key === aim.key) && this.mayAimAt(aim);
  }

  /** Whether it aims at such a client once its key is known. */
  mayAimAt({ session, exchange, path }: Aim): boolean {
    const { target, sessions } = this.terms;
    if (sessions !== undefined && !sessions.has(session)) return false;
    return target.endpoint === undefined || isAt(target.endpoint, exchange, path);
  }

  /** It has struck: once more, and it may be over. */
  strike(session: number | undefined, sequence?: number): void {
    this.#left--;
    this.#struck(session, sequence);
    if (this.#left <= 0 && !this.#isOver) this.#spent();
  }

  /** From now on it touches nothing. */
  end(): void {
    this.#isOver = true;
  }

  /** A stream of draws of its own for each session, or for each request. */
  chance(purpose: keyof typeof purposes, session: number): Chance {
    const { seed, step, occurrence } = this.terms;
    return new Chance().reset(keyOf(step, seed), session, occurrence * 2 + purposes[purpose]);
  }
}

/** Whether an endpoint as a target names it, `alpaca` or `alpaca/v2/iex`, holds a path of an exchange. */
export function isAt(endpoint: string, exchange: string, path: string): boolean {
  const place = `${exchange}${path}`;
  return (
    place === endpoint || (place.startsWith(endpoint) && (endpoint.endsWith('/') || place[endpoint.length] === '/'))
  );
}

/** An injection as one session, connection or request meets it: the fault made for it alone. */
export class Affliction {
  readonly injection: Injection;
  readonly fault: Fault;
  readonly #aim: Aim;
  readonly #chance: Chance;
  /** Drawn once, where the probability is that of a connection. */
  #spared: boolean | undefined;
  #strikes: boolean | undefined;

  constructor(injection: Injection, aim: Aim, circumstances: Omit<Circumstances, 'chance' | 'symbols'>) {
    const { fault, target } = injection.terms;
    this.injection = injection;
    this.#aim = aim;
    this.#chance = injection.chance('probability', aim.session);
    const chance = injection.chance('fault', aim.session);
    this.fault = fault.open({ ...circumstances, chance, symbols: target.symbols });
  }

  /** Whether it may touch its client at all now. */
  get isLive(): boolean {
    return !this.injection.isOver && this.injection.aimsAt(this.#aim);
  }

  /** Asks one of its hooks, if chance will have it; what answers has struck. */
  ask<Answer>(hook: ((fault: Fault) => Answer | undefined) | undefined): Answer | undefined {
    if (hook === undefined || !this.isLive || !this.draws()) return undefined;
    const answer = hook(this.fault);
    if (answer !== undefined) this.injection.strike(this.#aim.session);
    return answer;
  }

  /** Whether chance lets it strike its connection as a whole, which it is asked but once. */
  get strikes(): boolean {
    return (this.#strikes ??= this.draws());
  }

  /** Whether chance lets it strike this time. */
  draws(): boolean {
    const { probability, per } = this.injection.terms;
    if (probability === 1) return true;
    if (per === 'connection') return !(this.#spared ??= this.#chance.next() >= probability);
    return this.#chance.next() < probability;
  }

  /** Whether it is about this event. */
  isAbout(event: MarketEvent): boolean {
    const { symbols, channels } = this.injection.terms.target;
    if (channels !== undefined && !channels.includes(event.kind)) return false;
    if (symbols === undefined) return true;
    return event.kind === 'news'
      ? event.symbols.some((symbol) => symbols.includes(symbol))
      : symbols.includes(event.symbol);
  }

  /** Hands it an event. `pass` hears what it makes of it; the rest waits in `later`. Returns whether it touched it. */
  take(event: MarketEvent, copies: Copies): boolean {
    let [whole, others] = [0, 0];
    this.fault.event?.(event, {
      pass: (copy, skew = 0n) => {
        if (copy === event && skew === 0n) whole++;
        else others++;
        copies.pass(copy, skew);
      },
      later: (copy, after: Nanos) => {
        others++;
        copies.later(copy, after);
      },
    });
    return whole !== 1 || others > 0;
  }
}
