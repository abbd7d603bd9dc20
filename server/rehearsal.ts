import { openExchanges } from './exchanges/index.ts';
import { arrange, objectionsTo } from './arrange.ts';
import type { LoadedScenario } from './scenario/load.ts';
import { printPath, printValue, type Problem, ScenarioError } from './scenario/problem.ts';
import { openTape, type Source, TapeError } from './sources/index.ts';
import { type Objection, UnplayableError } from './unplayable.ts';

/**
 * Checks what can be known of a scenario without reading its tapes: that they are there, that an exchange answers, that it has the
 * plans named, that steps are aimed at somebody, and that the tape will start; `commands`: whether there is anybody to start it by a
 * command. Throws a `ScenarioError` with everything wrong at once.
 */
export async function checkScenario(loaded: LoadedScenario, commands: 'can come' | 'cannot come'): Promise<void> {
  const { scenario, directory } = loaded;
  const objections = await objectionsTo(scenario, openExchanges(scenario.endpoints));
  if (scenario.replay.startOn === 'command' && commands === 'cannot come') objections.push(nobodyCommands);
  const problems = objections.map((objection) => problemOf(objection, loaded));
  for (const [index, tape] of scenario.tapes.entries()) {
    try {
      await using source = openTape(tape, { directory, seed: scenario.seed });
      void source;
    } catch (error) {
      if (!(error instanceof TapeError)) throw error;
      problems.push(tapeProblem(error, ['tapes', index], loaded));
    }
  }
  if (problems.length > 0) throw new ScenarioError(problems);
}

/**
 * Does everything that serving does before it listens: checks the scenario, surveys its tapes and looks for what is asked of them.
 * Throws a `ScenarioError`, and the signal's reason on abort. `warn` hears what stops nothing: rows left out, a range that was clipped.
 */
export async function rehearse(
  loaded: LoadedScenario,
  signal: AbortSignal,
  warn: (message: string) => void = () => undefined,
): Promise<void> {
  await checkScenario(loaded, 'can come');
  const { scenario, directory } = loaded;
  const sources: Source[] = [];
  try {
    for (const tape of scenario.tapes) sources.push(openTape(tape, { directory, seed: scenario.seed, warn }));
    await arrange(scenario, sources, openExchanges(scenario.endpoints), signal, warn);
  } catch (error) {
    throw located(error, loaded);
  } finally {
    for (const source of sources) await source[Symbol.asyncDispose]();
  }
}

/** The error with its file, line and column when it is about a scenario or its tapes; any other error as it is. */
export function located(error: unknown, loaded: LoadedScenario): unknown {
  if (error instanceof UnplayableError) {
    return new ScenarioError(error.objections.map((objection) => problemOf(objection, loaded)));
  }
  if (!(error instanceof TapeError)) return error;
  // Which of several tapes broke is in the message.
  const path = loaded.scenario.tapes.length === 1 ? ['tapes', 0] : ['tapes'];
  return new ScenarioError([tapeProblem(error, path, loaded)]);
}

const nobodyCommands: Objection = {
  path: ['replay', 'startOn'],
  message: 'nobody could give the command, since there is no admin API here',
  wayOut:
    'use subscribed or connected, or play it by `papertape serve` with an admin port, or from a program with run.play()',
};

function problemOf({ path, message, wayOut }: Objection, { place, written }: LoadedScenario): Problem {
  return { place: place(path), path: printPath(path), value: printValue(written(path), path), message, wayOut };
}

function tapeProblem({ message }: TapeError, path: readonly PropertyKey[], { place }: LoadedScenario): Problem {
  return { place: place(path), path: printPath(path), value: undefined, message, wayOut: '' };
}
