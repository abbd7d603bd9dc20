import type { z } from 'zod';
import type { MarketEvent, Nanos } from '../../market/event.ts';

export { BySymbol } from '../by-symbol.ts';

/** Why an event goes no further. */
export interface Rejection {
  readonly kind: 'rejected';
  /** For people, with the value: `price 0 is not above zero`. */
  readonly why: string;
}

/**
 * What a rule makes of an event: the very same event is accepted, another one of its kind is its repair, a rejection ends its way. A rule
 * may remember what it saw; what it remembers is bounded.
 */
export interface Rule {
  /** `heardAt`: when it arrived, by our own clock. */
  judge(event: MarketEvent, heardAt: Nanos): MarketEvent | Rejection;
}

/** A rule as settings name it: what can be set, and what is made of it. The unit of addition: one file, one line in index.ts. */
export interface RuleKind<Options extends z.ZodType = z.ZodType> {
  /** A strict object; the description says in one sentence what goes no further. */
  readonly options: Options;
  create(options: z.output<Options>): Rule;
}

/** Writes the options' type once, for the schema and the rule. */
export const ruleKind = <Options extends z.ZodType>(kind: RuleKind<Options>): RuleKind<Options> => kind;

export const rejected = (why: string): Rejection => ({ kind: 'rejected', why });
