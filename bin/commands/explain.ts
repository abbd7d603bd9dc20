import type { Command } from 'commander';
import { type ExitCode, exitCodes, type Shell } from '../shell.ts';

/** Adds `explain`: tells a scenario in plain sentences. */
export function addExplain(program: Command, shell: Shell, ended: (code: ExitCode) => void): void {
  program
    .command('explain')
    .description('tell a scenario in plain sentences, with everything it extends and the environment applied')
    .argument('<file>', 'scenario file')
    .addHelpText(
      'after',
      `
Examples:
  papertape explain my.scenario.yaml
  PAPERTAPE_SPEED=max papertape explain my.scenario.yaml`,
    )
    .action(async (file: string) => {
      const { explainScenario, loadScenario } = await import('../../server/index.ts');
      const { scenario } = await loadScenario(file, shell.environment);
      shell.out.write(`${explainScenario(scenario)}\n`);
      ended(exitCodes.ok);
    });
}
