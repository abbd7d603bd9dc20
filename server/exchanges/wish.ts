import type { Channel, Market } from '../../market/event.ts';

/** One channel and the symbols wanted of it. `*` among the symbols means all. */
export interface Subscription {
  readonly channel: Channel;
  readonly symbols: readonly string[];
}

/** Why an exchange says no. A value, not an exception: a client's mistake is expected. */
export const refusals = [
  'bad-syntax',
  'unknown-action',
  'not-logged-in',
  'no-key',
  'bad-key',
  'already-logged-in',
  'login-timeout',
  'too-many-symbols',
  'unknown-symbol',
  'too-many-sessions',
  'too-many-messages',
  'slow-client',
  'idle',
  'dismissed',
  'not-in-plan',
  'wrong-channel',
  'wrong-encoding',
  'no-wildcard',
  'internal',
] as const;
export type Refusal = (typeof refusals)[number];

/** What a client names as one thing when it subscribes, and gets or does not get as a whole. */
export interface Wish {
  /** What the vendor's one channel brings: bars and their changes, for instance. */
  readonly channels: readonly Channel[];
  /** `*` means all. */
  readonly symbols: readonly string[];
  /** As the client wrote it, for exchanges whose reply repeats it. */
  readonly spelt?: string;
  /** Why it cannot be granted whatever the plan. */
  readonly refused?: Refusal;
}

/** What became of a wish. */
export interface Verdict {
  readonly wish: Wish;
  /** `same`: it was so before, and nothing changed. */
  readonly outcome: 'done' | 'same' | Refusal;
  /** Where the tapes have its first symbol; absent when they do not. */
  readonly market: Market | undefined;
}
