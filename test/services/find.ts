import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** First place that holds an executable of one of these names: PATH, then the usual places of the platform. */
export function findBinary(names: readonly string[], places: readonly string[] = []): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...places.flatMap(expand)];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(executable);
}

/** Where PostgreSQL's server programs lie when they are not on PATH, newest version first. */
export const postgresPlaces = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
];
export const redisPlaces = ['/opt/homebrew/bin', '/usr/local/bin', '/usr/sbin'];

/** A container engine that answers, not only a client that is installed. */
export function findEngine(): string | undefined {
  return ['docker', 'podman'].find((engine) => {
    const path = findBinary([engine]);
    if (path === undefined) return false;
    try {
      execFileSync(path, ['info'], { stdio: 'ignore', timeout: 10_000 });
      return true;
    } catch {
      // An engine that is not running is as good as none; the error at the end names the other ways.
      return false;
    }
  });
}

/** Root on Debian or Ubuntu may install a package, and says so. */
export function installPackage(name: string): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false;
  console.warn(`Tests need ${name}, which is not on this machine: running apt-get install -y ${name}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
  return true;
}

/** How to get a service on this platform, for the error that ends the run. */
export function wayOut(service: 'PostgreSQL' | 'Redis'): string {
  const postgres = service === 'PostgreSQL';
  const install =
    process.platform === 'darwin'
      ? `brew install ${postgres ? 'postgresql@17' : 'redis'}`
      : process.platform === 'win32'
        ? `docker run -d -p ${postgres ? '5432:5432 -e POSTGRES_HOST_AUTH_METHOD=trust postgres:17' : '6379:6379 redis:7'}`
        : existsSync('/etc/debian_version')
          ? `sudo apt-get install -y ${postgres ? 'postgresql' : 'redis-server'}`
          : `sudo dnf install -y ${postgres ? 'postgresql-server' : 'redis'}`;
  const variable = postgres
    ? 'DATABASE_URL=postgres://postgres@localhost:5432/postgres'
    : 'REDIS_URL=redis://localhost:6379';
  return `Tests need ${service} and found none. Run: ${install} (tests start it themselves), or point them at one: ${variable} npm test`;
}

function expand(pattern: string): string[] {
  const [before, after] = pattern.split('*');
  if (before === undefined || after === undefined) return [pattern];
  const parent = before.slice(0, before.lastIndexOf('/'));
  const prefix = before.slice(parent.length + 1);
  if (!existsSync(parent)) return [];
  const versions = readdirSync(parent).filter((name) => name.startsWith(prefix));
  return versions.sort((a, b) => b.localeCompare(a, 'en', { numeric: true })).map((name) => join(parent, name) + after);
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
