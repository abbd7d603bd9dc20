import {
  closest,
  type LoadedScenario,
  loadScenario,
  parseConfined,
  readyScenarios,
  ScenarioError,
} from '../server/index.ts';
import type { Desk } from './desk.ts';
import { ProblemError } from './problem.ts';
import { confinesOf, scenarioName, ScenarioShelf } from './scenario-shelf.ts';

/** Levels of an object that is given as a scenario. */
const deepest = 64;

/** The scenario that a request names or holds. Throws a `ScenarioError`. */
export async function readScenario(
  given: string | Record<string, unknown>,
  desk: Pick<Desk, 'folders' | 'limits'>,
): Promise<LoadedScenario> {
  if (typeof given === 'string' && scenarioName.test(given)) return await readNamed(given, desk);
  // JSON is YAML: an object goes through the same door as a text, and is refused in the same words.
  const text = typeof given === 'string' ? given : textOf({ name: 'inline', ...given });
  return await readText(text, desk);
}

/** A text as a scenario that may reach no more of this machine than the API's own folders. Throws a `ScenarioError`. */
export async function readText(
  text: string,
  desk: Pick<Desk, 'folders' | 'limits'>,
  name = 'inline',
): Promise<LoadedScenario> {
  return await parseConfined(text, name, confinesOf(desk));
}

/** Throws a `ScenarioError` when there is none of that name, or it is none. */
export async function readNamed(name: string, desk: Pick<Desk, 'folders' | 'limits'>): Promise<LoadedScenario> {
  const shelf = new ScenarioShelf(desk);
  const ready = readyScenarios().get(name);
  // What comes with the package may reach what it likes.
  if (ready !== undefined) return await loadScenario(ready);
  const names = (await shelf.list()).map((one) => one.name);
  if (!names.includes(name)) {
    const meant = closest(name, names);
    const wayOut = meant === undefined ? `use one of ${names.slice(0, 50).join(', ')}` : `did you mean ${meant}?`;
    const place = { file: 'scenario', line: 1, column: 1 };
    throw new ScenarioError([{ place, path: '', value: name, message: 'no scenario of that name', wayOut }]);
  }
  return await readText(await shelf.read(await shelf.find(name)), desk, name);
}

function textOf(given: Record<string, unknown>): string {
  if (isDeeper(given, deepest))
    throw new ProblemError(422, `nested deeper than ${deepest} levels; a scenario needs five`);
  return JSON.stringify(given, undefined, 2);
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
