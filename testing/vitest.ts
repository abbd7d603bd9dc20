import { expect } from 'vitest';
import { papertapeMatchers } from './matchers.ts';
import type { PapertapeMatchers } from './matcher-types.ts';

// `import 'papertape/testing/vitest'`, in a test or a setup file, is all it takes: the matchers are there, and have their types.
expect.extend(papertapeMatchers);

declare module 'vitest' {
  interface Matchers<T> extends PapertapeMatchers {}
}
