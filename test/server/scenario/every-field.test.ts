import { expect, test } from 'vitest';
import {
  overrides,
  parseScenario,
  printProblem,
  type Problem,
  ScenarioError,
  scenarioJsonSchema,
} from '../../../server/scenario/index.ts';
import { printPath } from '../../../server/scenario/problem.ts';
import type { JsonSchema } from '../../../server/scenario/json-schema.ts';

type Step = string | number;

/** What people write by mistake, of every type YAML has. */
const mistakes: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  3.7,
  1e15,
  '',
  'zzz not this',
  '2026-13-45',
  [],
  [null],
  [[]],
  ['', ''],
  [{ zzz: 1 }],
  {},
  { zzz: 1 },
];

/** Every place a scenario may have a value at, items of lists as their first. */
function placesIn(schema: JsonSchema, path: readonly Step[] = []): (readonly Step[])[] {
  const { properties = {}, items, anyOf = [], oneOf = [], allOf = [] } = schema;
  return [
    path,
    ...Object.entries(properties).flatMap(([name, child]) => placesIn(child, [...path, name])),
    ...(items === undefined ? [] : placesIn(items, [...path, 0])),
    ...[...anyOf, ...oneOf, ...allOf].flatMap((part) => placesIn(part, path)),
  ];
}

const places = new Map(placesIn(scenarioJsonSchema()).map((path) => [JSON.stringify(path), path]));

/** The smallest scenario, with this value at that place. */
function withMistake([first, ...rest]: readonly Step[], value: unknown): unknown {
  if (first === undefined) return value;
  const inner = (path: readonly Step[]): unknown => {
    const [step, ...others] = path;
    if (step === undefined) return value;
    return typeof step === 'number' ? [inner(others)] : { [step]: inner(others) };
  };
  return { name: 't', tapes: [{ synthetic: {} }], [first]: inner(rest) };
}

async function problemsWith(
  scenario: unknown,
  environment: Readonly<Record<string, string>> = {},
): Promise<readonly Problem[]> {
  try {
    await parseScenario(JSON.stringify(scenario), 't.yaml', environment);
    return [];
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems;
    throw error;
  }
}

/** How zod speaks when nobody has told it what to say. */
const bare = /^Invalid|^Too (?:big|small)|^Expected|received|Unrecognized|must match pattern/;

const isClear = ({ message, wayOut }: Problem): boolean =>
  message !== '' && wayOut !== '' && !bare.test(message) && !bare.test(wayOut);

test('whatever is wrong with whichever setting, the answer names it, says what is wrong, and tells a way out', async () => {
  expect(places.size).toBeGreaterThan(100);
  const wanting: string[] = [];
  let told = 0;
  for (const [name, path] of places) {
    for (const mistake of mistakes) {
      for (const problem of await problemsWith(withMistake(path, mistake))) {
        told++;
        const { path: at, value, message } = problem;
        const named = at !== '' || path.length === 0;
        // What a map holds may be a secret, and lists may be long.
        const shown = value !== undefined || /unknown key|missing/.test(message) || typeof mistake === 'object';
        if (isClear(problem) && named && (shown || at !== printPath(path))) continue;
        wanting.push(`${name} ${JSON.stringify(mistake)} → ${printProblem(problem)}`);
      }
    }
  }
  expect(told).toBeGreaterThan(1000);
  expect(wanting).toEqual([]);
}, 60_000);

test('the same holds for every variable, which is named with the text it holds', async () => {
  const base = { name: 't', tapes: [{ synthetic: {} }] };
  const lines: string[] = [];
  for (const { variable } of overrides) {
    for (const text of ['zzz', '-1', '1e99', '3.7', ',', 'true']) {
      for (const problem of await problemsWith(base, { [variable]: text })) {
        const line = printProblem(problem);
        if (!isClear(problem) || !line.startsWith('PAPERTAPE_')) lines.push(line);
      }
    }
  }
  // A range is named by its mode, which another variable would set.
  expect(lines.filter((line) => !/^t\.yaml:1:\d+ replay\.range/.test(line))).toEqual([]);
});
