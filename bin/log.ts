import { pino, type Logger } from 'pino';
import type { Settings } from './settings.ts';
import type { Terminal } from './shell.ts';

/** Writes to stderr: in colours and sentences on a terminal, one JSON object a line anywhere else. */
export async function openLog(level: Settings['logLevel'], err: Terminal): Promise<Logger> {
  const options = { level, base: null };
  if (err.isTTY !== true) return pino(options, pino.destination({ fd: 2, sync: true }));
  const { build } = await import('pino-pretty');
  return pino(options, build({ destination: 2, sync: true, colorize: true, translateTime: 'SYS:HH:MM:ss.l' }));
}
