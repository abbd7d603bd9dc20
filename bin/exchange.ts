import type { LoadedScenario, Log, Papertape } from '../server/index.ts';
import type { Settings } from './settings.ts';
import { Complaint, exitCodes, isStopped, type Shell } from './shell.ts';
import { readTlsFiles } from './tls-files.ts';

/**
 * Starts the exchange of a scenario. Throws a `Complaint` when it cannot listen, when its certificate cannot serve, or when it is stopped
 * before it is ready, and a `ScenarioError` when the scenario cannot be played.
 */
export async function openExchange(
  loaded: LoadedScenario,
  settings: Settings,
  log: Log,
  shell: Shell,
): Promise<Papertape> {
  const secure = settings.tls && (await readTlsFiles(settings.tls, shell));
  const { located, startPapertape, TlsError } = await import('../server/index.ts');
  const { scenario, directory } = loaded;
  const { host, port } = settings;
  const starting = startPapertape({ scenario, directory, host, port, tls: secure?.tls, log, signal: shell.stop });
  return await starting.catch((error: unknown) => {
    if (isStopped(error, shell)) throw new Complaint('stopped before it was ready', exitCodes.ok, { cause: error });
    if (error instanceof TlsError && secure !== undefined) {
      throw new Complaint(`${secure.files[error.part]}: ${error.message}`, exitCodes.badInput, { cause: error });
    }
    throw located(cannotListen(error, host, port), loaded);
  });
}

const listenErrors: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `port ${port} on ${host} is in use; stop what listens there, or choose another with --port or PAPERTAPE_PORT`,
  EACCES: (_, port) => `port ${port} is not open to this user; choose one above 1023 with --port or PAPERTAPE_PORT`,
  EADDRNOTAVAIL: (host) => `${host} is not an address of this machine; choose another with --host or PAPERTAPE_HOST`,
  ENOTFOUND: (host) => `${host} is not a known host; choose another with --host or PAPERTAPE_HOST`,
};

function cannotListen(error: unknown, host: string, port: number): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const message = listenErrors[String(error.code)]?.(host, port);
  return message === undefined ? error : new Complaint(message, exitCodes.cannotListen, { cause: error });
}
