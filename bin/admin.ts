import { resolve } from 'node:path';
import type { Admin } from '../admin-api/index.ts';
import type { Log, Papertape } from '../server/index.ts';
import { listenComplaint } from './exchange.ts';
import { packageFile, packageVersion } from './package-files.ts';
import type { Settings } from './settings.ts';
import { Complaint, type Shell } from './shell.ts';
import { readTlsFiles } from './tls-files.ts';

/**
 * Starts the admin API of an exchange, over TLS where that speaks it; absent when it is off. Throws a `Complaint` when it cannot listen, or
 * would be open to others without a token.
 */
export async function openAdmin(
  papertape: Papertape,
  settings: Settings,
  log: Log,
  shell: Shell,
): Promise<Admin | undefined> {
  const { adminPort: port, adminToken: token, limits } = settings;
  if (port === undefined) return undefined;
  const { isLoopback, startAdmin } = await import('../admin-api/index.ts');
  if (settings.adminHost !== undefined && !isLoopback(settings.adminHost) && token === undefined) {
    throw new Complaint(
      `PAPERTAPE_ADMIN_HOST: ${settings.adminHost} – others than this machine could steer Papertape there; set PAPERTAPE_ADMIN_TOKEN to a secret of 16 characters or more`,
    );
  }
  const host = settings.adminHost ?? (token === undefined ? loopbackFor(settings.host, isLoopback) : settings.host);
  if (settings.adminHost === undefined && !isLoopback(settings.host) && token === undefined) {
    log.warn(
      { adminHost: host },
      `the admin API answers on ${host} only; set PAPERTAPE_ADMIN_TOKEN to a secret of 16 characters or more to have it on ${settings.host} too`,
    );
  }
  const tls = settings.tls && (await readTlsFiles(settings.tls, shell)).tls;
  const data = resolve(shell.folder, settings.data);
  const folders = {
    scenarios: resolve(data, 'scenarios'),
    tapes: resolve(data, 'tapes'),
    readyTapes: resolve(packageFile('fixtures/tapes/README.md'), '..'),
    page: resolve(packageFile('package.json'), '../dist/page'),
  };
  try {
    return await startAdmin({ papertape, host, port, token, tls, folders, limits, version: packageVersion(), log });
  } catch (error) {
    throw listenComplaint(error, {
      host,
      port,
      portBy: '--admin-port or PAPERTAPE_ADMIN_PORT, or off for none',
      hostBy: 'PAPERTAPE_ADMIN_HOST',
    });
  }
}

/** The exchange's own address where it is loopback already. */
function loopbackFor(host: string, isLoopback: (host: string) => boolean): string {
  return isLoopback(host) ? host : '127.0.0.1';
}
