import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import type { Lane, Order, Played } from './lane.ts';
import { scriptsOf } from './scripts.ts';

/** Where the bench runs from: compiled by tsc as the package is, so that no loader stands between V8 and the code measured. */
const compiled = '.bench/js/bench';
const sinkBinary = '.bench/sink';

/** Compiles the bench and, where there is a C compiler, the light receiver. Type errors elsewhere do not stop it. */
export function prepare(): { readonly sink: 'C' | 'Node'; readonly pinned: boolean } {
  mkdirSync('.bench', { recursive: true });
  try {
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'bench'], { stdio: 'pipe' });
  } catch (error) {
    if (!existsSync(`${compiled}/server.js`)) throw error;
    console.warn('bench: tsc found errors; measuring what it compiled all the same');
  }
  if (runs('cc', '--version')) execFileSync('cc', ['-O2', '-o', sinkBinary, 'bench/sink.c']);
  return { sink: existsSync(sinkBinary) ? 'C' : 'Node', pinned };
}

const pinned = availableParallelism() > 1 && runs('taskset', '--version');

function runs(command: string, argument: string): boolean {
  try {
    execFileSync(command, [argument], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function start(cpu: number, command: string, args: readonly string[], stdio: 'ipc' | 'lines'): ChildProcess {
  const [file, all] = pinned ? ['taskset', ['-c', String(cpu), command, ...args]] : [command, [...args]];
  return spawn(file, all, {
    stdio: stdio === 'ipc' ? ['ignore', 'inherit', 'inherit', 'ipc'] : ['pipe', 'pipe', 'inherit'],
  });
}

/** A Node process of the bench that answers one order at a time. */
export class Worker implements Disposable {
  readonly #process: ChildProcess;

  constructor(script: string, cpu: number, flags: readonly string[] = []) {
    this.#process = start(cpu, process.execPath, [...flags, `${compiled}/${script}.js`], 'ipc');
  }

  async ask<Answer>(order: object): Promise<Answer> {
    const over = new AbortController();
    try {
      const answered = once(this.#process, 'message', over);
      const ended = once(this.#process, 'exit', over).then(([code]) => {
        throw new Error(`a process of the bench ended with ${code} before it answered ${JSON.stringify(order)}`);
      });
      this.#process.send(order);
      const [answer] = await Promise.race([answered, ended]);
      return answer;
    } finally {
      over.abort();
    }
  }

  [Symbol.dispose](): void {
    this.#process.disconnect();
  }
}

/** Servers are pinned to one processor, receivers to the other. */
export class ServerProcess extends Worker {
  constructor(flags: readonly string[] = []) {
    super('server', 0, flags);
  }

  async order<Answer>(order: Order): Promise<Answer> {
    return await this.ask<Answer>(order);
  }
}

/** What one run of a lane measured. */
export interface Sample {
  /** Events per second, delivered, summed over the clients. */
  readonly rate: number;
  /** Nanoseconds of the server's processor per event delivered. */
  readonly cpu: number;
  /** Bytes per event delivered. */
  readonly bytes: number;
  readonly rss: number;
}

/** One run for speed: the receiver only counts bytes, and all that the server wrote has to arrive. */
export async function runLight(server: ServerProcess, lane: Lane): Promise<Sample> {
  const { port } = await server.order<{ port: number }>({ do: 'open', lane });
  const scripts = scriptsOf(lane, port);
  const args = [String(port), String(lane.clients)];
  if (scripts !== undefined) {
    writeFileSync('.bench/scripts', scripts);
    args.push('.bench/scripts');
  }
  const sink = existsSync(sinkBinary)
    ? start(1, sinkBinary, args, 'lines')
    : start(1, process.execPath, [`${compiled}/sink.js`, ...args], 'lines');
  try {
    const played = await server.order<Played>({ do: 'play', clients: lane.clients });
    const { at, bytes } = await arrived(sink, played.allBytes);
    if (bytes !== played.allBytes) {
      throw new Error(`${lane.name}: the server wrote ${played.allBytes} bytes, ${bytes} arrived`);
    }
    const seconds = Number(at - BigInt(played.from)) / 1e9;
    return {
      rate: played.delivered / seconds,
      cpu: played.cpuNanos / played.delivered,
      bytes: played.bytes / played.delivered,
      rss: played.rss,
    };
  } finally {
    sink.stdin?.end();
    await server.order({ do: 'close' });
  }
}

async function arrived(sink: ChildProcess, expected: number): Promise<{ at: bigint; bytes: number }> {
  if (sink.stdout === null) throw new Error('the sink has no output');
  const lines = createInterface({ input: sink.stdout });
  const answer = once(lines, 'line', { signal: AbortSignal.timeout(30_000) });
  sink.stdin?.write(`expect ${expected}\n`);
  const [line] = await answer;
  const [, at = '0', bytes = '0'] = String(line).split(' ');
  return { at: BigInt(at), bytes: Number(bytes) };
}
