import { Chance } from '../../market/chance.ts';
import type { MarketEvent, Nanos } from '../../market/event.ts';
import { chosenFault, faultSchema } from '../../server/faults/index.ts';
import type { Circumstances, Copies, Fault } from '../../server/faults/fault.ts';

/** What a fault handed on, in its order; `after` and `skew` are 0n where it said nothing of them. */
export interface HandedOn {
  readonly event: MarketEvent;
  readonly skew: Nanos;
  readonly after: Nanos;
}

/** A fault as a scenario names it, opened for one session. */
export function opened(inject: unknown, given: Partial<Circumstances> = {}): Fault {
  return chosenFault(faultSchema.parse(inject)).open({
    chance: new Chance().reset(7, 1, 0),
    symbols: undefined,
    wall: (span) => span,
    marketOf: () => 'stocks',
    ...given,
  });
}

/** Hands a fault these events, and what became of them, what it held back to the end included. */
export function rehearse(
  inject: unknown,
  events: readonly MarketEvent[],
  given: Partial<Circumstances> = {},
): readonly HandedOn[] {
  const handed: HandedOn[] = [];
  const copies: Copies = {
    pass: (event, skew = 0n) => void handed.push({ event, skew, after: 0n }),
    later: (event, after) => void handed.push({ event, skew: 0n, after }),
  };
  const fault = opened(inject, given);
  fault.begin?.(events[0]?.at ?? 0n, copies);
  for (const event of events) fault.event?.(event, copies);
  fault.end?.(events.at(-1)?.at ?? 0n, copies);
  return handed;
}
