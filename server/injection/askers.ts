import type { Circumstances } from '../faults/fault.ts';
import { Affliction, type Injection } from './injection.ts';
import type { Aim } from './injection-terms.ts';

/** Those who ask over HTTP: requests of one client meet the same fault, so that its chance goes on from one to the next. */
export class Askers {
  readonly #known = new WeakMap<Injection, Map<string, Affliction>>();

  affliction(injection: Injection, aim: Aim, circumstances: Omit<Circumstances, 'chance' | 'symbols'>): Affliction {
    const known = this.#known.get(injection) ?? new Map<string, Affliction>();
    this.#known.set(injection, known);
    const client = `${aim.exchange} ${aim.key}`;
    const affliction = known.get(client) ?? new Affliction(injection, aim, circumstances);
    known.set(client, affliction);
    return affliction;
  }
}
