import { execFileSync, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Lane } from './lane.ts';
import { runLight, ServerProcess } from './pit.ts';
import { median } from './race.ts';
import type { Finding } from './report.ts';

/** Row 19: how long until it listens, and what a thousand clients weigh. */
export async function measureFootprint(rounds: number): Promise<readonly Finding[]> {
  const bundled = '.bench/dist';
  execFileSync('npm', ['run', '-s', 'bundle', '--', `--outdir=${bundled}`]);
  const boot = ['.bench/js/bench/boot.js', resolve(bundled, 'server/index.js')];
  const starts: number[] = [];
  const [listening, empty]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const [ours, bare] = [elapsed(boot), elapsed(['-e', ''])];
    // The first start reads the disk.
    if (round === 0) continue;
    listening.push(ours);
    empty.push(bare);
    starts.push(ours / bare);
  }
  const rss = async (clients: number): Promise<number> => {
    using server = new ServerProcess();
    const lane: Lane = {
      name: `${clients} clients`,
      vendor: 'alpaca',
      contender: 'papertape',
      clients,
      events: 10_240,
      audience: 'same',
    };
    return (await runLight(server, lane)).rss;
  };
  const weights: number[] = [];
  const [many, one]: [number[], number[]] = [[], []];
  for (let round = 0; round < Math.min(rounds, 5); round++) {
    many.push(await rss(1000));
    one.push(await rss(1));
    weights.push((many.at(-1) ?? NaN) / (one.at(-1) ?? NaN));
    process.stderr.write('.');
  }
  return [
    {
      row: 19,
      what: 'start to listening / empty node',
      sense: '≤',
      goal: 3,
      floor: 4,
      reached: median(starts),
      note: `${median(listening).toFixed(0)} ms against ${median(empty).toFixed(0)} ms`,
    },
    {
      row: 19,
      what: 'RSS with 1000 clients / with 1',
      sense: '≤',
      goal: 1.2,
      floor: 1.5,
      reached: median(weights),
      note: `${(median(many) / 1e6).toFixed(0)} MB against ${(median(one) / 1e6).toFixed(0)} MB`,
    },
  ];
}

/** Milliseconds from start to end of a Node process. */
function elapsed(args: readonly string[]): number {
  const before = performance.now();
  const { status } = spawnSync(process.execPath, args);
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return performance.now() - before;
}
