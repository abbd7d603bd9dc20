import type { Command } from 'commander';
import type { Source } from '../../server/index.ts';
import { parseDuration } from '../../market/duration.ts';
import { Progress } from '../progress.ts';
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
    .argument('<tape>', 'tape file, postgres:// URL, or scenario file whose tapes are meant')
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
Examples:
  papertape tape info day.ndjson.gz
  papertape tape info my.scenario.yaml --silence 15m
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
  for (const source of await open(name, shell)) {
    await using closing = source;
    using progress = new Progress(shell.err, 'Reading');
    // A URL may hold a password; the source's own name does not.
    const shown = inDatabase.test(name) ? source.name : name;
    progress.show(shown);
    const asked = options.quick === true ? {} : { silence };
    const description = await describeTape(closing, shell.stop, asked).catch((error: unknown) => {
      if (!isStopped(error, shell)) throw error;
      throw new Complaint(`stopped before the whole of ${shown} was read`, exitCodes.ok, { cause: error });
    });
    shell.out.write(describe(description, options.json === true));
  }
  return exitCodes.ok;
}

/** The tapes that a word on the command line means. */
async function open(name: string, shell: Shell): Promise<Source[]> {
  const { loadScenario, openTape, tapeSchema } = await import('../../server/index.ts');
  const warn = (message: string): void => void shell.err.write(`${message}\n`);
  if (/\.ya?ml$/.test(name)) {
    const { scenario, directory } = await loadScenario(name, shell.environment);
    return scenario.tapes.map((tape) => openTape(tape, { directory, seed: scenario.seed, warn }));
  }
  const entry = tapeSchema.safeParse(inDatabase.test(name) ? { postgres: { url: name } } : { file: name });
  if (!entry.success) {
    throw new Complaint(entry.error.issues.map(({ message }) => `${name}: ${message}`).join('\n'));
  }
  return [openTape(entry.data, { directory: shell.folder, seed: 1, warn })];
}
