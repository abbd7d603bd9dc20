import { isoMillis, milli } from '../../market/nanos.ts';
import type { LiveFault } from '../../server/index.ts';
import type { LiveFaultView } from '../schemas/fault.ts';

/** A live fault as the API tells it. */
export function faultView(live: LiveFault): LiveFaultView {
  const { id, fault, sentence, session, byHand, since, tape, until, strikes, times, isOver } = live;
  const { key, ...target } = live.target;
  return {
    ...{ id, fault, sentence, byHand, strikes, over: isOver },
    target: { ...target, ...(key === undefined ? {} : { client: key }) },
    ...(session === undefined ? {} : { session }),
    since: isoMillis(since),
    sinceTapeMs: Number(tape / milli),
    ...(until === undefined ? {} : { until: isoMillis(until) }),
    ...(times === undefined ? {} : { times }),
  };
}
