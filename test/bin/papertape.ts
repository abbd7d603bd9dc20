import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { testProgram } from '../services/index.ts';

const program = await testProgram();
/** Nothing of the tester's own environment may steer the program. */
const clean = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('PAPERTAPE_') && name !== 'DATABASE_URL'),
);

interface Surroundings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** What it reads from its standard input; nothing when absent. */
  readonly input?: string | Uint8Array;
}

export interface Ending {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `papertape` with these words as its user would, to its end. */
export async function papertape(words: readonly string[], surroundings: Surroundings = {}): Promise<Ending> {
  return await start(words, surroundings).ending;
}

export interface Running extends AsyncDisposable {
  readonly ending: Promise<Ending>;
  /** What came out up to and including the first match. Rejects when the program ends before. */
  heard(pattern: RegExp): Promise<string>;
  signal(name: 'SIGINT' | 'SIGTERM'): void;
}

/** Starts `papertape` and leaves it running; disposing ends it. */
export function start(words: readonly string[], { environment = {}, folder = '.', input }: Surroundings = {}): Running {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: folder,
    env: { ...clean, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // Who does not read is not to be told that nobody listened.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const exit = once(child, 'exit');
  const ending = Promise.all([exit, text(child.stdout), text(child.stderr)]).then(([, out, err]) => ({
    code: child.exitCode,
    out,
    err,
  }));
  return {
    ending,
    heard: async (pattern) =>
      await new Promise((found, lost) => {
        let all = '';
        const listen = (chunk: Buffer): void => {
          all += chunk.toString();
          if (pattern.test(all)) found(all);
        };
        child.stdout.on('data', listen);
        child.stderr.on('data', listen);
        child.once('exit', (code) => lost(new Error(`ended with ${code} before it said ${String(pattern)}:\n${all}`)));
      }),
    signal: (name) => void child.kill(name),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exit;
    },
  };
}
