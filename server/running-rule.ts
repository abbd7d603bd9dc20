import { type Aim, type Injection, isAt } from './injection.ts';
import type { Rule } from './scenario/steps.ts';

/** A rule, and how far it has come. */
export class RunningRule {
  readonly rule: Rule;
  /** How often it has been set off. */
  fired = 0;
  #counted = 0;
  /** What it began last for each session that set it off. */
  readonly #bySession = new Map<number, Injection>();

  constructor(rule: Rule) {
    this.rule = rule;
  }

  /** Whether it concerns such a client. */
  isAbout({ exchange, path, key }: Omit<Aim, 'session'>): boolean {
    const { endpoint, key: wanted } = this.rule.target ?? {};
    return (endpoint === undefined || isAt(endpoint, exchange, path)) && (wanted === undefined || wanted === key);
  }

  /** Counts once more what it goes by. Returns whether it is its turn. */
  counts({ nth, every = 1 }: { readonly nth?: number | undefined; readonly every?: number | undefined }): boolean {
    this.#counted++;
    return nth === undefined ? this.#counted % every === 0 : this.#counted === nth;
  }

  /** It may not be set off again: often enough, or what this session set off is not over. */
  isSpent(by: Aim | undefined): boolean {
    const before = by && this.#bySession.get(by.session);
    return this.fired >= (this.rule.times ?? Infinity) || (before !== undefined && !before.isOver);
  }

  began(injection: Injection, by: Aim | undefined): void {
    if (by !== undefined) this.#bySession.set(by.session, injection);
  }

  /** What this session has set off. */
  injectionOf(by: Aim): Injection | undefined {
    return this.#bySession.get(by.session);
  }
}
