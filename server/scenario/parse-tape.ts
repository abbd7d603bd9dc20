import { tapeSchema, type TapeEntry } from '../sources/index.ts';
import { complaintsOf } from './complaint.ts';
import { scenarioJsonSchema, schemasAt } from './json-schema.ts';
import { ScenarioError } from './problem.ts';
import { treeOf } from './tree.ts';

/**
 * One entry of a scenario's tapes that a command has made of its options. `option` tells which of them a path came from, so that errors
 * name it. Throws a `ScenarioError`.
 */
export function parseTape(entry: unknown, option: (path: readonly PropertyKey[]) => string): TapeEntry {
  const result = tapeSchema.safeParse(entry);
  if (result.success) return result.data;
  const [schema = {}] = schemasAt(scenarioJsonSchema(), ['tapes', 0]);
  const problems = result.error.issues.flatMap((issue) => {
    const place = { variable: option(issue.path) };
    return complaintsOf(issue, treeOf(entry, place), schema).map((problem) => ({ ...problem, path: '' }));
  });
  throw new ScenarioError(problems);
}
