import type { Command } from 'commander';
import type { Source } from '../../server/index.ts';
import { parseDuration } from '../../market/duration.ts';
import { Progress } from '../progress.ts';
import { namesReady, readScenario } from '../scenario-file.ts';
import { Complaint, type ExitCode, exitCodes, isStopped, type Shell } from '../shell.ts';
import { describe } from '../tape-table.ts';

interface Options {
  readonly json?: boolean;
  readonly silence: string;
  readonly quick?: boolean;
}

const inDatabase = /^postgres(?:ql)?:\/\//;

/** Adds `tape info`: tells what tapes hold and what they lack. */
export function addTapeInfo(tape: Command, shell: Shell, ended: (code: ExitCode) => void): void {
  tape
    .command('info')
    .description('tell what a tape holds: period, symbols, events of each kind, missing days and silences')
    .argument('<tape>', 'tape file, postgres:// URL, or scenario (file, ready name or -) whose tapes are meant')
    .option(
      '--silence <duration>',
      'longest stretch of regular hours without a trade or bar that needs no mention',
      '5m',
    )
    .option('--quick', 'only periods and counts, without reading every event')
    .option('--json', 'print JSON instead of a table')
    .addHelpText(
      'after',
      `
Ends with 0 when there is something to play, with 2 when there is nothing or it cannot be read.

Examples:
  papertape tape info day.ndjson.gz
  papertape tape info my.scenario.yaml --silence 15m
  papertape tape info market-open
  papertape tape info postgres://me@localhost/market --quick --json`,
    )
    .action(async (tapeName: string, options: Options) => ended(await inform(tapeName, options, shell)));
}

async function inform(name: string, options: Options, shell: Shell): Promise<ExitCode> {
  const { describeTape } = await import('../../server/index.ts');
  const silence = parseDuration(options.silence);
  if (silence === undefined) {
    throw new Complaint(`--silence: ${options.silence} is no duration; use one such as 90s, 5m or 1h`);
  }
  using progress = new Progress(shell.err, 'Reading');
  const warn = (message: string): void => {
    progress[Symbol.dispose]();
    shell.err.write(`${message}\n`);
  };
  let events = 0;
  for (const source of await open(name, shell, warn)) {
    await using closing = source;
    // A URL may hold a password; the source's own name does not.
    const shown = inDatabase.test(name) ? source.name : name;
    progress.wait(shown);
    const onProgress = (read: number, all: number): void =>
      progress.show(`${shown}, ${read.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} events`, read / all);
    const asked = options.quick === true ? {} : { silence, onProgress };
    const description = await describeTape(closing, shell.stop, asked).catch((error: unknown) => {
      if (!isStopped(error, shell)) throw error;
      throw new Complaint(`stopped before the whole of ${shown} was read`, exitCodes.ok, { cause: error });
    });
    progress[Symbol.dispose]();
    events += description.events;
    shell.out.write(describe(description, options.json === true));
  }
  if (events > 0) return exitCodes.ok;
  // One empty tape among others plays, so serve takes it; nothing at all it refuses.
  throw new Complaint(
    `${inDatabase.test(name) ? 'the database' : name}: nothing to play; make a tape with \`papertape tape generate\` or \`papertape tape import\``,
  );
}

/** The tapes that a word on the command line means. */
async function open(name: string, shell: Shell, warn: (message: string) => void): Promise<Source[]> {
  const { openTape, tapeSchema } = await import('../../server/index.ts');
  if (/\.ya?ml$/.test(name) || name === '-' || namesReady(name, shell)) {
    const { scenario, directory } = await readScenario(name, shell);
    return scenario.tapes.map((tape) => openTape(tape, { directory, seed: scenario.seed, warn }));
  }
  const entry = tapeSchema.safeParse(inDatabase.test(name) ? { postgres: { url: name } } : { file: name });
  if (!entry.success) {
    throw new Complaint(entry.error.issues.map(({ message }) => `${name}: ${message}`).join('\n'));
  }
  return [openTape(entry.data, { directory: shell.folder, seed: 1, warn })];
}
