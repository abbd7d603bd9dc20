import { Caller, type CallerOptions } from './caller.ts';

/** What every part of the SDK asks by. */
export class Calls {
  protected readonly call: Caller;

  constructor(options: CallerOptions) {
    this.call = new Caller(options);
  }
}

/** The path of what belongs to a run. */
export function pathIn(run: string, ...parts: readonly string[]): string {
  return ['/runs', run, ...parts].map((part, index) => (index === 0 ? part : encodeURIComponent(part))).join('/');
}

/** A query of what is given; lists repeat their name. */
export function queryOf(given: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) query.append(name, String(one));
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}
