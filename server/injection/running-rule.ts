import { count } from '../evidence/spell.ts';
import type { Injection } from './injection.ts';
import { type Aim, isAt } from './injection-terms.ts';
import type { Rule } from '../scenario/steps.ts';

/** Clients over HTTP for which a rule remembers what they have set off, beside those that are connected. */
const rememberedAskers = 10_000;

/** A rule, and how far it has come. */
export class RunningRule {
  readonly rule: Rule;
  /** How often something was about to set it off. */
  occurrences = 0;
  /** How often it has been set off. */
  #fired = 0;
  #counted = 0;
  /** What it began last for each client that set it off. */
  readonly #byClient = new Map<string, Injection>();
  readonly #byAsker = new Map<string, Injection>();
  #forgotten = 0;

  constructor(rule: Rule) {
    this.rule = rule;
  }

  /** Whether it may concern such a client; the key is not asked for while it is not known. */
  mayBeAbout({ exchange, path }: Pick<Aim, 'exchange' | 'path'>): boolean {
    return isAt(this.rule.target?.endpoint, exchange, path);
  }

  /** Whether it concerns such a client. */
  isAbout(aim: Aim): boolean {
    const { key } = this.rule.target ?? {};
    return this.mayBeAbout(aim) && (key === undefined || key === aim.key);
  }

  /** Counts once more what it goes by. Returns whether it is its turn. */
  counts({ nth, every = 1 }: { readonly nth?: number | undefined; readonly every?: number | undefined }): boolean {
    this.#counted++;
    return nth === undefined ? this.#counted % every === 0 : this.#counted === nth;
  }

  /** It may not be set off again: often enough, or what this client set off is not over. */
  isSpent(by: Aim | undefined): boolean {
    const before = by && this.injectionOf(by);
    return this.#fired >= (this.rule.times ?? Infinity) || (before !== undefined && !before.isOver);
  }

  began(injection: Injection, by: Aim | undefined): void {
    this.#fired++;
    if (by === undefined) return;
    const known = this.#knownOf(by);
    if (known === this.#byAsker && known.size >= rememberedAskers) this.#makeRoom();
    known.set(nameOf(by), injection);
  }

  /** What it has forgotten, in sentences without a full stop. */
  get beyond(): readonly string[] {
    if (this.#forgotten === 0) return [];
    const most = `more than ${rememberedAskers} clients over HTTP had ${this.rule.id} under way at once`;
    return [`${most}: ${count(this.#forgotten, 'client')} may have set it off once more before it was over`];
  }

  /** What this client has set off. */
  injectionOf(by: Aim): Injection | undefined {
    return this.#knownOf(by).get(nameOf(by));
  }

  /** This client comes no more. */
  forget(by: Aim): void {
    this.#knownOf(by).delete(nameOf(by));
  }

  #knownOf({ session }: Aim): Map<string, Injection> {
    return session === 0 ? this.#byAsker : this.#byClient;
  }

  /** What is over is as good as forgotten; where nothing is, the oldest goes. */
  #makeRoom(): void {
    const known = this.#byAsker;
    for (const [client, { isOver }] of known) if (isOver) known.delete(client);
    const [oldest] = known.keys();
    if (known.size < rememberedAskers || oldest === undefined) return;
    known.delete(oldest);
    this.#forgotten++;
  }
}

function nameOf({ session, exchange, key }: Aim): string {
  return session === 0 ? `${exchange} ${key}` : String(session);
}
