import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Papertape, type ScenarioInput, scenarioSchema, startPapertape } from '../server/index.ts';

/** A server process that plays one tape as `papertape serve` does, and weighs itself meanwhile. */

export type TapeOrder =
  { readonly do: 'open'; readonly tape: ScenarioInput['tapes'][number] } | { readonly do: 'play' };

/** What the server tells once it listens. */
export interface Opened {
  readonly port: number;
  /** Milliseconds from the start of the exchange until it listened. */
  readonly millis: number;
  /** Bytes. */
  readonly rss: number;
}

/** What it tells once everything has left it. */
export interface TapePlayed {
  readonly delivered: number;
  readonly seconds: number;
  /** Resident bytes, ten times a second while it played. */
  readonly weights: readonly number[];
  /** The most there ever were. */
  readonly peak: number;
}

let papertape: Papertape | undefined;

async function open(tape: ScenarioInput['tapes'][number]): Promise<Opened> {
  const scenario = scenarioSchema.parse({
    name: 'long-tape',
    tapes: [tape],
    replay: { mode: 'single_pass', startOn: 'command', speed: 'max' },
    endpoints: { alpaca: {} },
    limits: { symbols: 1000 },
  });
  const from = performance.now();
  papertape = await startPapertape({ scenario, port: 0 });
  return { port: papertape.port, millis: performance.now() - from, rss: process.memoryUsage.rss() };
}

async function play({ run }: Papertape): Promise<TapePlayed> {
  const weights: number[] = [];
  const from = performance.now();
  run.play();
  while (run.status.phase !== 'ended') {
    if (run.status.phase === 'broken') throw new Error('the tape broke');
    weights.push(process.memoryUsage.rss());
    await sleep(100);
  }
  const delivered = [...run.sessions].reduce((sum, session) => sum + session.delivered, 0);
  const seconds = (performance.now() - from) / 1000;
  // In kilobytes, on every system (Node's documents).
  return { delivered, seconds, weights, peak: process.resourceUsage().maxRSS * 1024 };
}

async function obey(order: TapeOrder): Promise<Opened | TapePlayed> {
  if (order.do === 'open') return await open(order.tape);
  if (papertape === undefined) throw new Error('nothing is open yet; order open first');
  return await play(papertape);
}

process.on('message', (order: TapeOrder) => void obey(order).then((answer) => process.send?.(answer)));
await once(process, 'disconnect');
process.exit();
