import type { papertapeMatchers } from './matchers.ts';

type Matchers = typeof papertapeMatchers;

/** The matchers as a test calls them, for the types of its runner. */
export type PapertapeMatchers = {
  [Name in keyof Matchers]: Matchers[Name] extends (received: unknown, ...told: infer Told) => unknown
    ? (...told: Told) => Promise<void>
    : never;
};
