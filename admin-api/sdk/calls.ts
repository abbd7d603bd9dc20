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
