import { papertapeMatchers } from './matchers.ts';
import type { PapertapeMatchers } from './matcher-types.ts';

// `import 'papertape/testing/jest'` in a file of setupFilesAfterEnv is all it takes, where jest has its globals.
const expect: { extend(matchers: object): void } | undefined = Reflect.get(globalThis, 'expect');
if (expect === undefined) {
  throw new TypeError(
    'there is no global expect; write expect.extend(papertapeMatchers) with those of papertape/testing instead',
  );
}
expect.extend(papertapeMatchers);

export type { Expect } from 'expect';
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends PapertapeMatchers {}
}
declare global {
  // Where @types/jest has its matchers.
  namespace jest {
    interface Matchers<R, T> extends PapertapeMatchers {}
  }
}
