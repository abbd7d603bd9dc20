import type { MarketEvent, Nanos } from '../../market/event.ts';
import type { Affliction } from './injection.ts';

/** Whose event runs it, and where what is left of it goes. */
export interface Gauntlet {
  readonly session: number;
  /** Number of the event on the deck, if it is one of the tape's. */
  readonly sequence: number | undefined;
  /** Hears what is to go out now; `skew` moves its times. */
  out(event: MarketEvent, skew: Nanos): void;
  /** Keeps what is to go out so much tape time later. */
  hold(event: MarketEvent, after: Nanos): void;
}

/** Hands an event from one fault to the next; what one makes of it is what the next is given. Returns the step that was the last to touch it. */
export function runGauntlet(faults: readonly Affliction[], event: MarketEvent, run: Gauntlet): string | undefined {
  let culprit: string | undefined;
  const hand = (index: number, copy: MarketEvent, skew: Nanos): void => {
    const affliction = faults[index];
    if (affliction === undefined) return run.out(copy, skew);
    const touched = affliction.take(copy, {
      pass: (next, more = 0n) => hand(index + 1, next, skew + more),
      later: (next, after) => run.hold(next, after),
    });
    if (!touched) return;
    culprit = affliction.injection.terms.step;
    affliction.injection.strike(run.session, run.sequence);
  };
  hand(0, event, 0n);
  return culprit;
}
