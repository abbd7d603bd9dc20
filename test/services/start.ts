import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { findBinary, findEngine, installPackage, postgresPlaces, redisPlaces, wayOut } from './find.ts';
import { privateDirectory, startContainer, startServer, unprivileged, type Running } from './running.ts';

const borrowed = (url: string): Running => ({ url, stop: async () => undefined });

/** A PostgreSQL: DATABASE_URL, else programs on this machine, else a container, else a package, else an error. */
export async function startPostgres(): Promise<Running> {
  const given = process.env['DATABASE_URL'];
  if (given) return borrowed(given);
  const initdb = (): string | undefined => findBinary(['initdb'], postgresPlaces);
  const found = initdb();
  if (found !== undefined) return await privatePostgres(dirname(found));
  const engine = findEngine();
  if (engine !== undefined) {
    return await startContainer(
      engine,
      'postgres:17',
      5432,
      ['POSTGRES_HOST_AUTH_METHOD=trust'],
      (address) => `postgres://postgres@${address}/postgres`,
      greetPostgres,
    );
  }
  const installed = installPackage('postgresql') ? initdb() : undefined;
  if (installed === undefined) throw new Error(wayOut('PostgreSQL'));
  return await privatePostgres(dirname(installed));
}

/** A Redis, by the same ways: REDIS_URL, programs, container, package, error. */
export async function startRedis(): Promise<Running> {
  const given = process.env['REDIS_URL'];
  if (given) return borrowed(given);
  const binary = (): string | undefined => findBinary(['redis-server', 'valkey-server'], redisPlaces);
  const found = binary();
  if (found !== undefined) return await privateRedis(found);
  const engine = findEngine();
  if (engine !== undefined) {
    return await startContainer(engine, 'redis:7', 6379, [], (address) => `redis://${address}`, greetRedis);
  }
  const installed = installPackage('redis-server') ? binary() : undefined;
  if (installed === undefined) throw new Error(wayOut('Redis'));
  return await privateRedis(installed);
}

// On a unix socket in a directory of its own, so that no port can collide. Durability is of no use to a test.
async function privatePostgres(programs: string): Promise<Running> {
  const runner = unprivileged();
  const directory = privateDirectory(runner);
  const data = join(directory, 'data');
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'],
    { ...runner, cwd: '/', env: { PATH: process.env['PATH'], HOME: directory }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const settings = {
    listen_addresses: '',
    unix_socket_directories: directory,
    fsync: 'off',
    synchronous_commit: 'off',
  };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(directory)}`;
  // SIGINT is PostgreSQL's fast shutdown: clients that linger are cut off.
  const stop = await startServer(
    'PostgreSQL',
    join(programs, 'postgres'),
    args,
    directory,
    async () => await greetPostgres(url),
    runner,
    'SIGINT',
  );
  return { url, stop };
}

async function privateRedis(binary: string): Promise<Running> {
  const runner = unprivileged();
  const directory = privateDirectory(runner);
  const socket = join(directory, 'redis.sock');
  const args = ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', directory];
  const stop = await startServer(
    'Redis',
    binary,
    args,
    directory,
    async () => await greetRedis(socket),
    runner,
    'SIGTERM',
  );
  return { url: socket, stop };
}

async function greetPostgres(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.end();
}

async function greetRedis(address: string): Promise<void> {
  const redis = new Redis(address, { lazyConnect: true, retryStrategy: () => null });
  // A refused greeting rejects; ioredis also emits it, and an unheard event would be printed.
  redis.on('error', () => undefined);
  await redis.connect();
  redis.disconnect();
}
