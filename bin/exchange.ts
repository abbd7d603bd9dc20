import type { LoadedScenario, Log, Papertape } from '../server/index.ts';
import type { Settings } from './settings.ts';
import { Complaint, exitCodes, isStopped, type Shell } from './shell.ts';
import { readTlsFiles, tlsComplaint } from './tls-files.ts';

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
  const { located, startPapertape } = await import('../server/index.ts');
  const { scenario, directory } = loaded;
  const { host, port } = settings;
  const starting = startPapertape({ scenario, directory, host, port, tls: secure?.tls, log, signal: shell.stop });
  return await starting.catch(async (error: unknown) => {
    if (isStopped(error, shell)) throw new Complaint('stopped before it was ready', exitCodes.ok, { cause: error });
    const complaint = await tlsComplaint(error, secure);
    throw located(listenComplaint(complaint, { host, port, ...saidBy }), loaded);
  });
}

const saidBy = { portBy: '--port or PAPERTAPE_PORT', hostBy: '--host or PAPERTAPE_HOST' };

/** Where something was to listen, and what its user says that by. */
interface Place {
  readonly host: string;
  readonly port: number;
  readonly portBy: string;
  readonly hostBy: string;
}

const listenErrors: Readonly<Record<string, (place: Place) => string>> = {
  EADDRINUSE: ({ host, port, portBy }) =>
    `port ${port} on ${host} is in use; stop what listens there, or choose another with ${portBy}`,
  EACCES: ({ port, portBy }) => `port ${port} is not open to this user; choose one above 1023 with ${portBy}`,
  EADDRNOTAVAIL: ({ host, hostBy }) => `${host} is not an address of this machine; choose another with ${hostBy}`,
  ENOTFOUND: ({ host, hostBy }) => `${host} is not a known host; choose another with ${hostBy}`,
};

/** A `Complaint` when it is about the port or the address; any other error as it is. */
export function listenComplaint(error: unknown, place: Place): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const message = listenErrors[String(error.code)]?.(place);
  return message === undefined ? error : new Complaint(message, exitCodes.cannotListen, { cause: error });
}
