import { type Papertape, type PapertapeOptions, startPapertape } from '../server/index.ts';

/** A runner's way to do something before and after each test of a file. */
export interface Hooks {
  readonly beforeEach: (run: () => Promise<void>) => void;
  readonly afterEach: (run: () => Promise<void>) => void;
}

/**
 * An exchange of its own for each test of this file, on a free port, closed with it; for jest and node:test, whose tests have no fixtures.
 * Returns how a test gets at its own. `hooks`: the runner's; the global ones when absent. Throws a TypeError when there are none.
 */
export function usePapertape(options: PapertapeOptions = {}, hooks: Hooks = globalHooks()): () => Papertape {
  let papertape: Papertape | undefined;
  hooks.beforeEach(async () => {
    papertape = await startPapertape(options);
  });
  hooks.afterEach(async () => {
    await papertape?.[Symbol.asyncDispose]();
    papertape = undefined;
  });
  return () => {
    if (papertape === undefined) throw new TypeError('there is an exchange only while a test runs; ask for it inside');
    return papertape;
  };
}

function globalHooks(): Hooks {
  const beforeEach: Hooks['beforeEach'] | undefined = Reflect.get(globalThis, 'beforeEach');
  const afterEach: Hooks['afterEach'] | undefined = Reflect.get(globalThis, 'afterEach');
  if (beforeEach === undefined || afterEach === undefined) {
    throw new TypeError('this runner has no global hooks; give it: usePapertape(options, { beforeEach, afterEach })');
  }
  return { beforeEach, afterEach };
}
