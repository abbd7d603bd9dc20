import type { Readable } from 'node:stream';

/** What a command may touch of the process it runs in: its environment, its three streams, and the wish to stop. */
export interface Shell {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly in: Readable;
  readonly out: Terminal;
  readonly err: Terminal;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly stop: AbortSignal;
}

/** The shell with something else in it; its standard input is left to whoever reads it. */
export const changed = (shell: Shell, change: Partial<Shell>): Shell => ({
  environment: shell.environment,
  folder: shell.folder,
  get in() {
    return shell.in;
  },
  out: shell.out,
  err: shell.err,
  stop: shell.stop,
  ...change,
});

export interface Terminal {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** How a command ends. The numbers are promised in `papertape --help`. */
export const exitCodes = { ok: 0, failed: 1, badInput: 2, cannotListen: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Is this the end of work that heard the wish to stop? Then nothing is wrong. */
export function isStopped(error: unknown, { stop }: Pick<Shell, 'stop'>): boolean {
  if (!stop.aborted || !(error instanceof Error)) return false;
  return error.name === 'AbortError' || isStopped(error.cause, { stop });
}

/** Work that must be done to count: what the wish to stop ends before that is told in these words, as a failure. */
export async function whole<Result>(work: Promise<Result>, shell: Shell, message: string): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (!isStopped(cause, shell)) throw cause;
    throw new Complaint(message, exitCodes.failed, { cause });
  }
}

/** Every control character but the tab and the end of a line. */
const controls = /(?![\n\t])\p{Cc}/gu;

/** A text that holds words of a user's file, safe for a terminal: what would steer it is spelled out, `\\u001b`. */
export function printable(text: string): string {
  return text.replace(controls, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Ends a command with a message for its user and without a stack. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = exitCodes.badInput, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
