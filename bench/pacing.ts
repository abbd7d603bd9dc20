import type { Lane, Lateness, Played } from './lane.ts';
import { ServerProcess, Worker } from './pit.ts';
import { median } from './race.ts';
import type { Finding } from './report.ts';

interface Timed extends Lateness {
  /** Share of a processor that the server used, in percent. */
  readonly cpu: number;
}

/** Four seconds of 10,000 events a second to ten clients. */
const common = { vendor: 'alpaca', clients: 10, events: 40_000, audience: 'same' } as const;
const lanes = [
  { ...common, name: 'default', contender: 'papertape', pacing: 'economical' },
  { ...common, name: 'precise', contender: 'papertape', pacing: 'precise' },
  { ...common, name: 'timers', contender: 'naive', pacing: 'economical' },
] as const satisfies readonly Lane[];

/** Row 7: how late events come, end to end, and what keeping time costs. */
export async function measurePacing(rounds: number, flags: readonly string[]): Promise<readonly Finding[]> {
  const stalls = lanes.map((lane) => ({ lane, server: new ServerProcess(flags), timed: new Array<Timed>() }));
  using witness = new Worker('witness', 1);
  for (let round = 0; round <= rounds; round++) {
    for (const { lane, server, timed } of stalls) {
      const sample = await runPaced(server, witness, lane);
      if (round > 0) timed.push(sample);
    }
    process.stderr.write('.');
  }
  for (const { server } of stalls) server[Symbol.dispose]();
  const [standard, precise, timers] = stalls.map(({ timed }) => timed);
  if (standard === undefined || precise === undefined || timers === undefined) return [];
  const ratio = (ours: readonly Timed[], theirs: readonly Timed[], figure: keyof Timed): number =>
    median(ours.map((sample, round) => sample[figure] / (theirs[round]?.[figure] ?? NaN)));
  const worst = (of: keyof Timed): number => Math.max(...[...standard, ...precise].map((sample) => sample[of]));
  const earliest = Math.min(...[...standard, ...precise].map((sample) => sample.earliest));
  const told = (samples: readonly Timed[]): string => {
    const of = (figure: keyof Timed): string => (median(samples.map((sample) => sample[figure])) / 1000).toFixed(2);
    return `p50 ${of('p50')} ms, p99 ${of('p99')} ms, ${median(samples.map((sample) => sample.cpu)).toFixed(0)} % CPU`;
  };
  const finding = (what: string, goal: number, floor: number, reached: number, note: string): Finding => ({
    row: 7,
    what,
    sense: '≤',
    goal,
    floor,
    reached,
    note,
  });
  return [
    finding('events that came early', 0, 0, worst('early'), `earliest ${earliest.toFixed(0)} µs after its time`),
    finding('events lost', 0, 0, worst('lost'), ''),
    finding('p99 / per-event timers + ws.send', 0.1, 0.2, ratio(standard, timers, 'p99'), told(standard)),
    finding('CPU / per-event timers + ws.send', 0.25, 0.25, ratio(standard, timers, 'cpu'), `timers: ${told(timers)}`),
    finding('precise p50 / default p50', 0.3, 0.5, ratio(precise, standard, 'p50'), `precise: ${told(precise)}`),
  ];
}

async function runPaced(server: ServerProcess, witness: Worker, lane: Lane): Promise<Timed> {
  const { port } = await server.order<{ port: number }>({ do: 'open', lane });
  await witness.ask({ do: 'watch', lane, port });
  const { anchor, cpuNanos } = await server.order<Played>({ do: 'play', clients: lane.clients });
  if (anchor === undefined) throw new Error(`${lane.name}: the server cannot tell where market time stood`);
  const late = await witness.ask<Lateness>({ do: 'lateness', ...anchor });
  await server.order({ do: 'close' });
  return { ...late, cpu: (cpuNanos / (lane.events * 1e5)) * 100 };
}
