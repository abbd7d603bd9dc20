import { dirname } from 'node:path';
import type { z } from 'zod';
import { complaintsOf, mostTold } from './complaint.ts';
import type { Chain, Retention } from './chain.ts';
import { confine, type Confines } from './confine.ts';
import { readChain, readChainOf } from './extend.ts';
import type { Environment } from './interpolate.ts';
import { scenarioJsonSchema } from './json-schema.ts';
import { override } from './overrides.ts';
import { type Place, printPath, type Problem, ScenarioError } from './problem.ts';
import { type Scenario, type ScenarioInput, scenarioSchema } from './schema.ts';
import { placeOf, treeOf, valueAt, valueOf } from './tree.ts';

/** A scenario ready to run. */
export interface LoadedScenario {
  readonly scenario: Scenario;
  /** The folder of the file that names the tapes, against which their relative paths are resolved. */
  readonly directory: string;
  /** Where the value at a path was written, for problems that show only later. */
  readonly place: (path: readonly PropertyKey[]) => Place;
  /** The value as it was written there; `undefined` when nothing is. */
  readonly written: (path: readonly PropertyKey[]) => unknown;
  /** What its writer should know although it stops nothing. */
  readonly advice: readonly Problem[];
  /** Which rows of earlier replays are to be cleaned up while it is served. */
  readonly retention: Retention | undefined;
}

/**
 * Reads a scenario file, what it extends, and what the environment says over it. Throws a `ScenarioError` that lists everything
 * wrong with it. Without an environment no variable is set.
 */
export async function loadScenario(file: string, environment: Environment = {}): Promise<LoadedScenario> {
  return ready(await readChain(file, environment), environment);
}

/** As `loadScenario`, for YAML text. `file` is how errors call it, and where its relative paths start. */
export async function parseScenario(
  text: string,
  file: string,
  environment: Environment = {},
): Promise<LoadedScenario> {
  return ready(await readChainOf(text, file, environment), environment);
}

/**
 * As `parseScenario`, for a text of somebody who may reach no more of this machine than the confines hold, its environment least of all.
 * Errors tell no folder.
 */
export async function parseConfined(text: string, file: string, confines: Confines): Promise<LoadedScenario> {
  return await confine(ready(await readChainOf(text, file, {}, confines), {}), confines);
}

/** As `loadScenario`, for an object as a file would spell it. Errors call it `scenario`. */
export function parseScenarioInput(input: ScenarioInput): LoadedScenario {
  const tree = treeOf(input, { variable: 'scenario' });
  return ready({ tree, advice: [], retention: undefined }, {});
}

function ready({ tree: said, advice, retention }: Chain, environment: Environment): LoadedScenario {
  const tree = override(said, environment);
  const result = scenarioSchema.safeParse(valueOf(tree));
  if (result.success) {
    const tapes = placeOf(tree, ['tapes']);
    return {
      scenario: result.data,
      directory: 'file' in tapes ? dirname(tapes.file) : '.',
      place: (path) => placeOf(tree, path),
      written: (path) => valueAt(tree, path),
      advice,
      retention,
    };
  }
  const schema = scenarioJsonSchema();
  const issues = withoutEchoes(result.error.issues).slice(0, mostTold);
  const problems = issues.flatMap((issue) => complaintsOf(issue, tree, schema)).slice(0, mostTold);
  throw new ScenarioError(problems.sort(byPlace));
}

/** A misspelt key also leaves its place without the right one: that is told once. */
function withoutEchoes(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const unknown = issues.flatMap(({ code, path }) => (code === 'unrecognized_keys' ? [printPath(path)] : []));
  return issues.filter(({ code, path }) => code !== 'custom' || !unknown.includes(printPath(path)));
}

/** Top to bottom within a file, files by name, variables last. */
function byPlace({ place: one }: Problem, { place: other }: Problem): number {
  const [left, right] = [rank(one), rank(other)];
  return left.name < right.name
    ? -1
    : left.name > right.name
      ? 1
      : left.line - right.line || left.column - right.column;
}
function rank(place: Place): { readonly name: string; readonly line: number; readonly column: number } {
  return 'variable' in place ? { name: `\uffff${place.variable}`, line: 0, column: 0 } : { name: place.file, ...place };
}
