import type { Command } from 'commander';
import type { Problem } from '../../server/index.ts';
import { readScenario } from '../scenario-file.ts';
import { Complaint, type ExitCode, exitCodes, isStopped, printable, type Shell } from '../shell.ts';

/** Adds `validate`: says whether scenario files can be played, and what is wrong with those that cannot. */
export function addValidate(program: Command, shell: Shell, ended: (code: ExitCode) => void): void {
  program
    .command('validate')
    .description('check scenario files; every error names file:line:column, path, value and the way out')
    .argument('<files...>', 'scenario files, names of ready ones, or - for the standard input')
    .addHelpText(
      'after',
      `
Ends with 0 when every file can be played and with 2 when one cannot. Looks into the tapes as serve does: one without a sidecar is
read to its end. Warns of rows that cannot be read and of a range that is clipped. Variables such as PAPERTAPE_SPEED count as in serve.

Examples:
  papertape validate my.scenario.yaml
  papertape validate scenarios/*.scenario.yaml
  generate-scenario | papertape validate -`,
    )
    .action(async (files: string[]) => ended(await validate(files, shell)));
}

async function validate(files: readonly string[], shell: Shell): Promise<ExitCode> {
  const { printProblem, rehearse, ScenarioError } = await import('../../server/index.ts');
  const told = (problem: Problem): string => `${printable(printProblem(problem))}\n`;
  let code: ExitCode = exitCodes.ok;
  for (const word of files) {
    const file = word === '-' ? 'stdin' : word;
    try {
      const loaded = await readScenario(word, shell);
      shell.err.write(loaded.advice.map(told).join(''));
      await rehearse(loaded, shell.stop, (message) => shell.err.write(`${file}: warning: ${printable(message)}\n`));
      shell.out.write(`${file}: ok, scenario ${loaded.scenario.name}\n`);
    } catch (error) {
      if (isStopped(error, shell)) throw new Complaint(`stopped before ${file} was checked`, code, { cause: error });
      if (!(error instanceof ScenarioError)) throw error;
      shell.err.write(error.problems.map(told).join(''));
      code = exitCodes.badInput;
    }
  }
  return code;
}
