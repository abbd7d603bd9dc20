#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { addCertificate } from './commands/cert.ts';
import { addCertify } from './commands/certify.ts';
import { addCollect } from './commands/collect.ts';
import { addDatabase } from './commands/db.ts';
import { addExplain } from './commands/explain.ts';
import { addInit } from './commands/init.ts';
import { addRecord } from './commands/record.ts';
import { addRun } from './commands/run.ts';
import { addServe } from './commands/serve.ts';
import { addTape } from './commands/tape.ts';
import { addValidate } from './commands/validate.ts';
import { packageVersion } from './package-files.ts';
import { Complaint, type ExitCode, exitCodes, isStopped, printable, type Shell } from './shell.ts';

const stop = new AbortController();
const shell: Shell = {
  environment: process.env,
  folder: process.cwd(),
  // Opened by whoever reads it.
  get in() {
    return process.stdin;
  },
  out: process.stdout,
  err: process.stderr,
  stop: stop.signal,
};

// `papertape explain x.yaml | head -1`: a reader who has seen enough is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  stop.abort();
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second one is for those who cannot wait for a clean end.
    if (stop.signal.aborted) process.exit(exitCodes.failed);
    stop.abort();
  });
}

async function run(words: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  try {
    await program((ending) => (code = ending)).parseAsync([...words]);
    return code;
  } catch (error) {
    // Commander has printed its own message; help and version asked for are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
    return await tell(error);
  }
}

function program(ended: (code: ExitCode) => void): Command {
  const papertape = new Command('papertape')
    .description('A mock market-data exchange: plays recorded markets over the vendors’ own protocols.')
    .version(packageVersion())
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows how)')
    .configureHelp({ helpWidth: 110 })
    .addHelpText('after', help);
  for (const add of [
    addServe,
    addRun,
    addCertify,
    addCollect,
    addValidate,
    addExplain,
    addInit,
    addRecord,
    addTape,
    addCertificate,
    addDatabase,
  ])
    add(papertape, shell, ended);
  return papertape;
}

const help = `
Examples:
  papertape serve                        play the ready default scenario
  papertape init && papertape serve my.scenario.yaml
  papertape validate my.scenario.yaml
  papertape run reset-storm -- node bot.js

Environment:
  PAPERTAPE_PORT (8765), PAPERTAPE_ADMIN_PORT (8766, or off), PAPERTAPE_HOST (127.0.0.1), PAPERTAPE_ADMIN_HOST,
  PAPERTAPE_ADMIN_TOKEN, PAPERTAPE_DATA (.papertape), PAPERTAPE_SCENARIO, PAPERTAPE_JOURNAL,
  PAPERTAPE_MAX_TAPES, PAPERTAPE_MAX_TAPE_BYTES, PAPERTAPE_MAX_SHELF_BYTES, PAPERTAPE_MAX_TAPE_WORKS, PAPERTAPE_MAX_SCENARIOS,
  PAPERTAPE_LOG_LEVEL (info), PAPERTAPE_TLS (0), PAPERTAPE_TLS_CERT, PAPERTAPE_TLS_KEY, DATABASE_URL; over any scenario: PAPERTAPE_SEED, PAPERTAPE_MODE,
  PAPERTAPE_LOOP_COUNT, PAPERTAPE_FROM, PAPERTAPE_TO, PAPERTAPE_OUTSIDE, PAPERTAPE_SYMBOLS, PAPERTAPE_AT_END,
  PAPERTAPE_SPEED, PAPERTAPE_PACING, PAPERTAPE_START_ON, PAPERTAPE_START_AT, PAPERTAPE_TIMESTAMPS,
  PAPERTAPE_MAX_IDLE, PAPERTAPE_BACKPRESSURE, PAPERTAPE_FRAME_WINDOW

Exit codes:
  0  done, or stopped by SIGINT or SIGTERM
  1  failed, or in run: an expectation is not met, or the client failed
  2  bad input: a scenario, a tape, an option or a variable
  3  cannot listen: the port or the address is not to be had`;

/** Prints why a command ended early: the message alone when it is the user's to mend, the stack when it is ours. */
async function tell(error: unknown): Promise<ExitCode> {
  if (error instanceof Complaint) {
    shell.err.write(`${printable(error.message)}\n`);
    return error.exitCode;
  }
  if (isStopped(error, shell)) {
    shell.err.write('stopped before it was done\n');
    return exitCodes.ok;
  }
  const { ScenarioError, TapeError } = await import('../server/index.ts');
  if (error instanceof ScenarioError || error instanceof TapeError) {
    shell.err.write(`${printable(error.message)}\n`);
    return exitCodes.badInput;
  }
  shell.err.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.failed;
}

process.exitCode = await run(process.argv);
