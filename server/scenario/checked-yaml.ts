import type { z } from 'zod';
import { complaintsOf, mostTold } from './complaint.ts';
import type { Environment } from './interpolate.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { ScenarioError } from './problem.ts';
import { valueOf } from './tree.ts';
import { readYaml } from './yaml.ts';

/**
 * Reads another file of settings as a scenario is read: variables filled in, everything that is wrong told at once, with file, line and path.
 * Returns what the schema makes of it. Throws a `ScenarioError`.
 */
export function checkedYaml<Schema extends z.ZodType>(
  text: string,
  file: string,
  environment: Environment,
  schema: Schema,
): z.output<Schema> {
  const reading = readYaml(text, file, environment);
  if ('problems' in reading) throw new ScenarioError(reading.problems);
  const result = schema.safeParse(valueOf(reading.tree));
  if (result.success) return result.data;
  const json = jsonSchemaOf(schema);
  throw new ScenarioError(
    result.error.issues.flatMap((issue) => complaintsOf(issue, reading.tree, json)).slice(0, mostTold),
  );
}
