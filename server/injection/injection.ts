import type { Chance } from '../../market/chance.ts';
import type { Cancel } from '../../market/clock.ts';
import type { MarketEvent, Nanos } from '../../market/event.ts';
import type { Wish } from '../exchanges/exchange.ts';
import type { Circumstances, Copies, Fault } from '../faults/fault.ts';
import type { Cap } from './cap.ts';
import { type Aim, chanceOf, type InjectionTerms, isAt } from './injection-terms.ts';

/** A fault that has begun and is not over: one step of the timeline, or one occurrence of a rule. */
export class Injection {
  readonly terms: InjectionTerms;
  /** How often it has struck. */
  strikes = 0;
  #cancel: Cancel | undefined;
  #sessions: InjectionTerms['sessions'];
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
    this.#sessions = terms.sessions;
    this.#left = terms.times;
    this.#struck = struck;
    this.#spent = spent;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether it is aimed at whoever the target names, by stream or over HTTP. */
  get isForAll(): boolean {
    return this.#sessions === undefined;
  }

  aimsAt(aim: Aim): boolean {
    const { key } = this.terms.target;
    return this.#sessions !== 'first' && (key === undefined || key === aim.key) && this.mayAimAt(aim);
  }

  /** Whether it aims at such a client once its key is known. */
  mayAimAt({ session, exchange, path }: Aim): boolean {
    const sessions = this.#sessions;
    const { endpoint, key } = this.terms.target;
    // Which one comes first with a key is not known before somebody shows it.
    if (sessions === 'first' ? key === undefined : sessions?.has(session) === false) return false;
    return isAt(endpoint, exchange, path);
  }

  /** Somebody new comes, or shows its key: where it waits for the first, that is the one. */
  meet({ session, exchange, path, key: shown }: Aim): void {
    const { endpoint, key } = this.terms.target;
    if (this.#sessions !== 'first' || !isAt(endpoint, exchange, path) || (key !== undefined && key !== shown)) return;
    this.#sessions = new Set([session]);
  }

  /** It has struck: once more, and it may be over. */
  strike(session: number | undefined, sequence?: number): void {
    this.#left--;
    this.strikes++;
    this.#struck(session, sequence);
    if (this.#left <= 0 && !this.#isOver) this.#spent();
  }

  /** Takes back the alarm that would end it, once it is over anyway. */
  expires(cancel: Cancel): void {
    this.#cancel = cancel;
    if (this.#isOver) cancel();
  }

  /** From now on it touches nothing. */
  end(): void {
    this.#isOver = true;
    this.#cancel?.();
  }
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
    this.#chance = chanceOf(injection.terms, 'probability', aim.session);
    const chance = chanceOf(injection.terms, 'fault', aim.session);
    this.fault = fault.open({ ...circumstances, chance, symbols: target.symbols });
  }

  /** Whether it may touch its client at all now. */
  get isLive(): boolean {
    return !this.injection.isOver && this.injection.aimsAt(this.#aim);
  }

  /** Whether it needs a session to have its own copy of the tape. */
  get spoils(): boolean {
    return (
      this.isLive && (['event', 'payload', 'begin', 'end'] as const).some((hook) => this.fault[hook] !== undefined)
    );
  }

  /** Asks one of its hooks, if chance will have it; what answers has struck. */
  ask<Answer>(hook: ((fault: Fault) => Answer | undefined) | undefined): Answer | undefined {
    if (hook === undefined || !this.isLive || !this.draws()) return undefined;
    const answer = hook(this.fault);
    if (answer !== undefined) this.injection.strike(this.#aim.session);
    return answer;
  }

  /** What its client really asks for: it is aimed at no channel and no symbol but those that the wish names; `*` names none. */
  wishes(wish: Wish): readonly Wish[] {
    const { symbols, channels } = this.injection.terms.target;
    if (channels !== undefined && !wish.channels.some((channel) => channels.includes(channel))) return [wish];
    const [named, others] = [true, false].map((is) =>
      wish.symbols.filter((symbol) => (symbols?.includes(symbol) ?? true) === is),
    );
    if (symbols !== undefined && named?.length === 0) return [wish];
    const left = others === undefined || others.length === 0 ? [] : [{ ...wish, symbols: others }];
    const answer = this.ask((fault) => fault.wish?.(left.length === 0 ? wish : { ...wish, symbols: named ?? [] }));
    return answer === undefined ? [wish] : [...answer, ...left];
  }

  /** How much its client may have at most, if chance will have it so. */
  cap(of: keyof NonNullable<Fault['most']>): Cap | undefined {
    const most = this.fault.most?.[of];
    if (most === undefined || !this.draws()) return undefined;
    return { most, met: () => this.injection.strike(this.#aim.session) };
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
