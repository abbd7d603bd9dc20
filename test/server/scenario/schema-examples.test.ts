import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { JsonSchema } from '../../../server/scenario/json-schema.ts';
import { parseScenario, ScenarioError, scenarioJsonSchema } from '../../../server/scenario/index.ts';
import { printPath } from '../../../server/scenario/problem.ts';

type Step = string | number;

/** One setting, and where a scenario has it; items of lists as their first. */
interface Setting {
  readonly path: readonly Step[];
  readonly schema: JsonSchema;
}

function settingsIn(schema: JsonSchema, path: readonly Step[] = []): Setting[] {
  const { properties = {}, items, anyOf = [], oneOf = [], allOf = [] } = schema;
  return [
    ...Object.entries(properties).flatMap(([name, child]) => [
      { path: [...path, name], schema: child },
      ...settingsIn(child, [...path, name]),
    ]),
    ...(items === undefined ? [] : settingsIn(items, [...path, 0])),
    ...[...anyOf, ...oneOf, ...allOf].flatMap((part) => settingsIn(part, path)),
  ];
}

const settings = settingsIn(scenarioJsonSchema());
const ajv = new Ajv({ strict: false, validateFormats: false });

/** What the server says of a scenario with this example in its place, and of that place. */
async function complaintsOf({ path }: Setting, example: unknown): Promise<readonly string[]> {
  const at = printPath(path);
  const [first = '', ...rest] = path;
  const nested = (steps: readonly Step[]): unknown => {
    const [step, ...others] = steps;
    if (step === undefined) return example;
    return typeof step === 'number' ? [nested(others)] : { ...companions(at, example), [step]: nested(others) };
  };
  const steps = first === 'expect' ? { timeline: [{ id: 'reset', at: '1s', inject: { reset: {} } }] } : {};
  const scenario = { name: 't', tapes: [{ synthetic: {} }], ...steps, [first]: nested(rest) };
  try {
    // Beside the ready ones, which an example extends.
    await parseScenario(JSON.stringify(scenario), 'scenarios/t.yaml', environment);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.problems.filter((problem) => problem.path.startsWith(at)).map(({ message }) => message);
  }
}

/** The mode and the range of a replay belong together. */
function companions(at: string, example: unknown): object {
  if (at === 'replay.mode' && example === 'date_range') return { range: { from: '2026-07-01', to: '2026-07-02' } };
  return at === 'replay.range' ? { mode: 'date_range' } : {};
}

const environment = { DATABASE_URL: 'postgres://127.0.0.1/market', REPLICA_URL: 'postgres://127.0.0.2/market' };

test('every setting has a title, a description and an example, however deep it lies', () => {
  expect(settings.length).toBeGreaterThan(150);
  const wanting = settings.filter(
    ({ schema: { title, description, examples } }) =>
      typeof title !== 'string' || typeof description !== 'string' || (examples ?? []).length === 0,
  );
  expect(wanting.map(({ path }) => printPath(path))).toEqual([]);
});

test('every example is one, to an editor and to the server', async () => {
  const wrong: string[] = [];
  for (const setting of settings) {
    const { path, schema } = setting;
    const isValid = ajv.compile(schema);
    for (const example of schema.examples ?? []) {
      const shown = `${printPath(path)}: ${JSON.stringify(example)}`;
      if (!isValid(example)) wrong.push(`${shown} → ${ajv.errorsText(isValid.errors)}`);
      for (const complaint of await complaintsOf(setting, example)) wrong.push(`${shown} → ${complaint}`);
    }
  }
  expect(wrong).toEqual([]);
});
