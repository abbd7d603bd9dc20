import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { findBinary, postgresPlaces, wayOut } from '../../../services/find.ts';
import { privateDirectory, unprivileged } from '../../../services/running.ts';

/** A PostgreSQL that can be stopped as by a power failure, and started again with all it had committed. */
export interface Restartable extends Disposable {
  readonly url: string;
  start(): void;
  /** Cuts everybody off in the middle of whatever they do. */
  stop(): void;
}

export function restartablePostgres(): Restartable {
  const initdb = findBinary(['initdb'], postgresPlaces);
  if (initdb === undefined) throw new Error(wayOut('PostgreSQL'));
  const runner = unprivileged();
  const directory = privateDirectory(runner);
  const data = join(directory, 'data');
  const run = (program: string, ...args: string[]): void =>
    void execFileSync(join(dirname(initdb), program), ['-D', data, ...args], {
      ...runner,
      cwd: '/',
      env: { PATH: process.env['PATH'], HOME: directory, LC_ALL: 'C' },
      stdio: 'ignore',
    });
  run('initdb', '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions');
  const options = `-c listen_addresses='' -c unix_socket_directories='${directory}' -c fsync=off`;
  let up = false;
  const start = (): void => {
    run('pg_ctl', '-w', '-o', options, '-l', join(directory, 'log'), 'start');
    up = true;
  };
  const stop = (): void => {
    if (up) run('pg_ctl', '-w', '-m', 'immediate', 'stop');
    up = false;
  };
  start();
  return {
    url: `postgres://postgres@localhost/postgres?host=${encodeURIComponent(directory)}`,
    start,
    stop,
    [Symbol.dispose]: () => {
      stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Runs statements, one after another, on a connection of their own. */
export async function runIn(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
