import { ManualClock, type Clock } from '../../market/clock.ts';
import type { MarketEvent } from '../../market/event.ts';
import { startPapertape, type Papertape } from '../../server/index.ts';
import { scenarioSchema, type ScenarioInput } from '../../server/scenario/schema.ts';
import { opening } from './events.ts';
import { memorySource } from './memory-source.ts';

type Replay = NonNullable<ScenarioInput['replay']>;

/** An exchange on a free port that plays these events once, on command, unless the scenario says otherwise. */
export async function serve(
  events: readonly MarketEvent[],
  replay: Replay = {},
  rest: Partial<ScenarioInput> = {},
  clock: Clock = new ManualClock(opening),
): Promise<Papertape> {
  const scenario = scenarioSchema.parse({
    name: 'test',
    tapes: [{ file: 'in-memory.ndjson' }],
    replay: { mode: 'single_pass', startOn: 'command', ...replay },
    ...rest,
  });
  return startPapertape({ scenario, port: 0, clock, tapes: [memorySource(events)] });
}
