import type { MarketEvent } from '../../market/event.ts';

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
  readonly name: string;
  judge(event: MarketEvent): MarketEvent | Rejection;
}
