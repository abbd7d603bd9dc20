import type { Nanos, Quote, Trade } from '../../market/event.ts';

/** When it happened, as bars count: participant time where that is known and not later than the event's own, else the latter. */
export function stampOf({ at, participantAt }: Trade | Quote): Nanos {
  return participantAt !== undefined && participantAt < at ? participantAt : at;
}
