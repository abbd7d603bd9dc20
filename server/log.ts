import type { Logger } from 'pino';

/** What the exchange tells of itself. A pino logger fits; nothing here loads pino. */
export interface Log extends Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error'> {
  isLevelEnabled(level: 'trace'): boolean;
  /** The same log with these fields in every line. */
  child(fields: object): Pick<Logger, 'trace'>;
}

const say = (): void => undefined;

/** A log that nobody reads. */
export const silentLog: Log = {
  trace: say,
  debug: say,
  info: say,
  warn: say,
  error: say,
  isLevelEnabled: () => false,
  child: () => silentLog,
};
