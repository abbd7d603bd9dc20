export { type FixtureOptions, papertapeFixture } from './fixture.ts';
export { type Deed, papertapeMatchers } from './matchers.ts';
export type { PapertapeMatchers } from './matcher-types.ts';
export type { Asking, Matched, Subject } from './matching.ts';
export type { Span } from './span.ts';
export { type Hooks, usePapertape } from './use-papertape.ts';
