import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A service that tests may use until `stop`. */
export interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

/** Whom a server runs as: the user itself, or nobody when that is root, because PostgreSQL refuses root. */
export interface Runner {
  readonly uid?: number;
  readonly gid?: number;
}

export function unprivileged(): Runner {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A temporary directory that the runner owns and others may enter. */
export function privateDirectory(runner: Runner): string {
  const directory = mkdtempSync(join(tmpdir(), 'papertape-'));
  chmodSync(directory, 0o755);
  if (runner.uid !== undefined && runner.gid !== undefined) chownSync(directory, runner.uid, runner.gid);
  return directory;
}

/** Starts a server and waits until it answers; listening is not enough. Its own words are in the error when it does not. */
export async function startServer(
  name: string,
  path: string,
  args: readonly string[],
  directory: string,
  ready: () => Promise<unknown>,
  runner: Runner,
  goodbye: NodeJS.Signals,
): Promise<() => Promise<void>> {
  const server = spawn(path, args, {
    ...runner,
    cwd: '/',
    env: { PATH: process.env['PATH'], HOME: directory, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (text) => (said = (said + String(text)).slice(-4000)));
  // Should the test run itself die, its servers go with it.
  const last = (): void => void server.kill('SIGKILL');
  process.once('exit', last);
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      await ready();
      break;
    } catch (cause) {
      if (server.exitCode === null && Date.now() < deadline) {
        await pause(15);
        continue;
      }
      server.kill('SIGKILL');
      throw new Error(`${name} (${path}) did not start: ${said.trim()}`, { cause });
    }
  }
  return async () => {
    process.removeListener('exit', last);
    await ended(server, goodbye);
    rmSync(directory, { recursive: true, force: true });
  };
}

async function ended(server: ChildProcess, goodbye: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = new Promise((resolve) => server.once('exit', resolve));
  server.kill(goodbye);
  const hurry = setTimeout(() => server.kill('SIGKILL'), 5_000);
  await exit;
  clearTimeout(hurry);
}

/** A service in a container, on a port of the engine's choice. */
export async function startContainer(
  engine: string,
  image: string,
  port: number,
  env: readonly string[],
  url: (address: string) => string,
  ready: (url: string) => Promise<unknown>,
): Promise<Running> {
  const run = (...args: string[]): string => execFileSync(engine, args, { encoding: 'utf8' }).trim();
  const id = run('run', '-d', '--rm', '-p', `127.0.0.1::${port}`, ...env.flatMap((pair) => ['-e', pair]), image);
  const stop = async (): Promise<void> => void run('kill', id);
  const at = url(run('port', id, String(port)).split('\n')[0] ?? '');
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      await ready(at);
      return { url: at, stop };
    } catch (cause) {
      if (Date.now() > deadline) {
        await stop();
        throw new Error(`${image} did not answer in ${engine} within a minute`, { cause });
      }
      await pause(250);
    }
  }
}
