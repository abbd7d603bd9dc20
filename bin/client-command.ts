import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Clock } from '../market/clock.ts';
import { seconds } from '../market/nanos.ts';
import { Complaint, type Shell, type Terminal } from './shell.ts';

/** How long a client that is told to stop may take before it is ended. */
const grace = seconds(5);

export interface CommandOptions {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Each line that it writes is marked as its own. */
  readonly prefix: boolean;
  readonly clock: Clock;
}

/** How a client's command ended. */
export interface CommandEnding {
  /** Absent when a signal ended it. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** It had been told to stop: how it ended says nothing of it. */
  readonly stopped: boolean;
}

/** A client's command that runs, with everything it has started itself. */
export class ClientCommand implements AsyncDisposable {
  readonly ending: Promise<CommandEnding>;
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  #stopped = false;

  /** Throws a `Complaint` when there is no such command. It reads nothing, and what it writes passes through. */
  static async start(options: CommandOptions, shell: Shell): Promise<ClientCommand> {
    const { words, environment, prefix, clock } = options;
    const [file = '', ...rest] = words;
    const child = spawn(file, rest, {
      cwd: shell.folder,
      env: { ...shell.environment, ...environment },
      stdio: ['ignore', prefix ? 'pipe' : 'inherit', prefix ? 'pipe' : 'inherit'],
      // A group of its own, so that what it starts ends with it.
      detached: process.platform !== 'win32',
    });
    try {
      await once(child, 'spawn');
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      const why = { ENOENT: 'no such command', EACCES: 'not a program this user may run' }[code] ?? String(cause);
      throw new Complaint(`${file}: ${why}; correct the command after --`, undefined, { cause });
    }
    if (prefix) {
      mark(child.stdout, shell.out);
      mark(child.stderr, shell.err);
    }
    return new ClientCommand(child, clock);
  }

  private constructor(child: ChildProcess, clock: Clock) {
    this.#child = child;
    this.#clock = clock;
    this.ending = this.#end();
  }

  /** Tells it to stop, and ends it when it takes too long. */
  async stop(): Promise<CommandEnding> {
    this.#stopped = true;
    this.#signal('SIGTERM');
    const cancel = this.#clock.wake(this.#clock.now() + grace, () => this.#signal('SIGKILL'));
    try {
      return await this.ending;
    } finally {
      cancel();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #end(): Promise<CommandEnding> {
    // Who cannot wait for a clean end leaves nothing behind either.
    const orphaned = (): void => this.#signal('SIGKILL');
    process.once('exit', orphaned);
    const closed = once(this.#child, 'close');
    await once(this.#child, 'exit');
    const stopped = this.#stopped;
    // What it has left behind would hold its ports and our pipes.
    this.#signal('SIGKILL');
    await closed;
    process.off('exit', orphaned);
    const { exitCode, signalCode } = this.#child;
    return { code: exitCode ?? undefined, signal: signalCode ?? undefined, stopped };
  }

  #signal(name: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    if (process.platform === 'win32') return void this.#child.kill(name);
    try {
      process.kill(-pid, name);
    } catch (error) {
      // Nobody is left of its group.
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'ESRCH') throw error;
    }
  }
}

function mark(stream: Readable | null, terminal: Terminal): void {
  if (stream === null) return;
  createInterface({ input: stream }).on('line', (line) => terminal.write(`client | ${line}\n`));
}
