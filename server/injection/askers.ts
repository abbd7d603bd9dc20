import { count } from '../evidence/spell.ts';
import type { Circumstances } from '../faults/fault.ts';
import { Affliction, type Injection } from './injection.ts';
import type { Aim } from './injection-terms.ts';

/** Clients that one fault remembers; who has asked for nothing the longest is forgotten first, and counted. */
const rememberedClients = 10_000;

/** Those who ask over HTTP: requests of one client meet the same fault, so that its chance goes on from one to the next. */
export class Askers {
  readonly #known = new WeakMap<Injection, Map<string, Affliction>>();
  readonly #forgotten = new Map<string, number>();

  affliction(injection: Injection, aim: Aim, circumstances: Omit<Circumstances, 'chance' | 'symbols'>): Affliction {
    const known = this.#known.get(injection) ?? new Map<string, Affliction>();
    this.#known.set(injection, known);
    const client = `${aim.exchange} ${aim.key}`;
    const affliction = known.get(client) ?? new Affliction(injection, aim, circumstances);
    // The newest last.
    known.delete(client);
    known.set(client, affliction);
    const [longest] = known.keys();
    if (known.size > rememberedClients && longest !== undefined) {
      known.delete(longest);
      const { step } = injection.terms;
      this.#forgotten.set(step, (this.#forgotten.get(step) ?? 0) + 1);
    }
    return affliction;
  }

  /** What it has forgotten, in sentences without a full stop. */
  get beyond(): readonly string[] {
    return [...this.#forgotten].map(
      ([step, clients]) =>
        `more than ${rememberedClients} clients asked over HTTP while ${step} lasted: it meets ${count(clients, 'client')} as if for the first time`,
    );
  }
}
