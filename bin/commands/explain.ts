import type { Command } from 'commander';
import { readScenario } from '../scenario-file.ts';
import { type ExitCode, exitCodes, type Shell } from '../shell.ts';

/** Adds `explain`: tells a scenario in plain sentences. */
export function addExplain(program: Command, shell: Shell, ended: (code: ExitCode) => void): void {
  program
    .command('explain')
    .description('tell a scenario in plain sentences, with everything it extends and the environment applied')
    .argument('<file>', 'scenario file, the name of a ready one, or - for the standard input')
    .addHelpText(
      'after',
      `
Examples:
  papertape explain my.scenario.yaml
  papertape explain market-open
  PAPERTAPE_SPEED=max papertape explain my.scenario.yaml`,
    )
    .action(async (file: string) => {
      const { explainScenario } = await import('../../server/index.ts');
      const { scenario } = await readScenario(file, shell);
      shell.out.write(`${explainScenario(scenario)}\n`);
      ended(exitCodes.ok);
    });
}
