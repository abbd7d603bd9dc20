import { runLight, ServerProcess, type Sample } from './pit.ts';
import type { Lane } from './lane.ts';

/** Every sample of every lane, by the lane's name; index = round. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

/**
 * Runs all lanes once per round, alternating, so that a slow phase of the machine hits them all. Each lane keeps its process; a first
 * round warms it up and is not counted.
 */
export async function race(lanes: readonly Lane[], rounds: number, flags: readonly string[]): Promise<Samples> {
  const stalls = lanes.map((lane) => ({ lane, server: new ServerProcess(flags), samples: new Array<Sample>() }));
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const { lane, server, samples } of stalls) {
        const sample = await runLight(server, lane);
        if (round > 0) samples.push(sample);
      }
      process.stderr.write('.');
    }
  } finally {
    for (const { server } of stalls) server[Symbol.dispose]();
  }
  return new Map(stalls.map(({ lane, samples }) => [lane.name, samples]));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** The median, over the rounds, of how the first lane stands to the second in the same round. */
export function ratio(samples: Samples, first: string, second: string, figure: 'rate' | 'cpu'): number {
  const [ours, theirs] = [samples.get(first) ?? [], samples.get(second) ?? []];
  return median(ours.map((sample, round) => sample[figure] / (theirs[round]?.[figure] ?? NaN)));
}
