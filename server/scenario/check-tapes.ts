import { openTape, TapeError } from '../sources/index.ts';
import type { LoadedScenario } from './load.ts';
import { type Problem, printPath, ScenarioError } from './problem.ts';

/**
 * Opens every tape of a scenario and closes it again, without reading it. Throws a `ScenarioError` that points at the tapes that are missing or
 * broken.
 */
export async function checkTapes({ scenario, directory, place }: LoadedScenario): Promise<void> {
  const problems: Problem[] = [];
  for (const [index, tape] of scenario.tapes.entries()) {
    try {
      await using source = openTape(tape, { directory, seed: scenario.seed });
      void source;
    } catch (error) {
      if (!(error instanceof TapeError)) throw error;
      const path = ['tapes', index];
      problems.push({
        place: place(path),
        path: printPath(path),
        value: undefined,
        message: error.message,
        wayOut: '',
      });
    }
  }
  if (problems.length > 0) throw new ScenarioError(problems);
}
