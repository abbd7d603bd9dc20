import { startPapertape } from '../server/index.ts';
import { type ScenarioInput, scenarioSchema } from '../server/scenario/schema.ts';
import type { Server } from './contender.ts';
import { outbox, type Lane } from './lane.ts';
import { tradesOf, memoryTape } from './tape.ts';

/** All but never. */
const hardlyEver = 1e-12;

const broken = {
  'ten-armed': {
    timeline: Array.from({ length: 10 }, (_, index) => ({
      id: `armed-${index}`,
      at: '23h',
      for: '1s',
      inject: { mute: {} },
    })),
  },
  'on-one': {
    timeline: [
      { id: 'on-one', at: '0s', for: 'run', probability: hardlyEver, target: { sessions: [1] }, inject: { drop: {} } },
    ],
  },
} satisfies Record<NonNullable<Lane['faults']>, Partial<ScenarioInput>>;

/** The product as it ships, on its own port and paths; only its limits are lifted. */
export async function openPapertape(lane: Lane): Promise<Server> {
  const passes = lane.passes ?? 1;
  const scenario = scenarioSchema.parse({
    name: 'bench',
    // Not opened: the tape below is played instead.
    tapes: [{ file: 'memory.ndjson' }],
    replay: {
      startOn: 'command',
      ...(passes > 1 ? { mode: 'loop', loopCount: passes } : { mode: 'single_pass' }),
      speed: lane.pacing === undefined ? 'max' : 1,
      // Whoever wants precision does not wait for a millisecond to fill.
      ...(lane.pacing === 'precise' ? { pacing: 'precise', frameWindow: '200us' } : {}),
    },
    // Each vendor that answers has bars and prices of its own made of the tape.
    ...(lane.besides === true ? {} : { endpoints: { [lane.vendor]: {} } }),
    // A wish for all symbols exceeds any limit; only Alpaca's default plan has one that is too low.
    limits: { sessions: 100_000, ...(lane.vendor === 'alpaca' ? { symbols: 100_000 } : {}), outbox },
    ...(lane.faults === undefined ? {} : broken[lane.faults]),
  });
  const papertape = await startPapertape({ scenario, port: 0, tapes: [memoryTape(tradesOf(lane.events))] });
  const { run } = papertape;
  const delivered = (): number => [...run.sessions].reduce((sum, session) => sum + session.delivered, 0);
  let best: { readonly width: bigint; readonly wall: bigint; readonly market: bigint } | undefined;
  return {
    port: papertape.port,
    ready: () => [...run.sessions].filter((session) => !session.subscriptions.empty).length,
    play: () => run.play(),
    pass: () => run.status.pass,
    // In market time the bars of the last minute come a minute later; nobody here waits for them.
    ended: () => (lane.pacing === undefined ? run.status.phase === 'ended' : delivered() >= lane.events * lane.clients),
    delivered,
    anchor: () => {
      if (lane.pacing === undefined) return undefined;
      // Between two looks at the clock the needle was read: the narrowest look tells best where market time stands. The earlier of
      // the two is taken, so that an event counts as early only if it surely was.
      const before = process.hrtime.bigint();
      const { phase, position } = run.status;
      const wall = process.hrtime.bigint();
      const width = wall - before;
      if (phase === 'playing' && position !== undefined && (best === undefined || width < best.width)) {
        best = { width, wall: before, market: position };
      }
      return best;
    },
    [Symbol.asyncDispose]: async () => papertape[Symbol.asyncDispose](),
  };
}
