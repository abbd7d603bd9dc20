import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type LoadedScenario, loadScenario, scenarioJsonSchema } from '../../../server/scenario/index.ts';
import { openTape } from '../../../server/sources/index.ts';

const ready = readdirSync('scenarios').filter((name) => name.endsWith('.scenario.yaml'));
const read = (name: string): string => readFileSync(`scenarios/${name}`, 'utf8');
const committed: unknown = JSON.parse(read('papertape-v1.schema.json'));
const validate = new Ajv({ strict: false, validateFormats: false }).compile(scenarioJsonSchema());

test('the committed schema is the one the server follows; after a change, `npm run schema` writes it anew', () => {
  expect(committed).toEqual(scenarioJsonSchema());
});

test('the schema is draft-07 with an address of its version, and every setting has a title and a description', () => {
  expect(committed).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'https://papertape.dev/schema/scenario-v1.json',
  });
  const { properties = {} } = scenarioJsonSchema();
  const nested = ['replay', 'limits'].flatMap((name) => Object.entries(properties[name]?.properties ?? {}));
  for (const [name, schema] of [...Object.entries(properties), ...nested]) {
    expect(schema, name).toMatchObject({ title: expect.any(String), description: expect.any(String) });
  }
  expect(properties['replay']?.properties?.['maxIdle']).toMatchObject({ examples: ['2s', '1m'] });
});

test('there is a ready scenario for each mode, for CI, for the open, for the night, and for the usual ways to fail', () => {
  expect(ready.map((name) => name.replace('.scenario.yaml', '')).toSorted()).toEqual([
    'ci',
    'date-range',
    'default',
    'dirty-data',
    'loop',
    'market-open',
    'mute-feed',
    'open-tape',
    'orderly-close',
    'quiet-overnight',
    'reset-storm',
    'single-pass',
  ]);
});

test.each(ready)(
  '%s opens with what it teaches, is valid for editors and for the server, and its tape is not empty',
  async (name) => {
    expect(read(name)).toMatch(/^# Learn here: /);
    expect(read(name)).toContain('# yaml-language-server: $schema=./papertape-v1.schema.json');
    validate(parse(read(name)));
    expect(validate.errors ?? []).toEqual([]);
    const loaded = await loadScenario(`scenarios/${name}`, {});
    expect(loaded.scenario.name).toBe(name.replace('.scenario.yaml', ''));
    expect(await firstSymbol(loaded)).toMatch(/^[A-Z/]+$/);
  },
);

test.each([
  ['a typo', { name: 'x', tapes: [{ synthetic: {} }], replay: { sped: 1 } }],
  ['two kinds of tape in one entry', { name: 'x', tapes: [{ synthetic: {}, file: 'day.ndjson' }] }],
  ['no tapes', { name: 'x' }],
  ['a rule', { name: 'x', tapes: [{ synthetic: {} }], rules: [{ id: 'mute' }] }],
  ['a speed out of reach', { name: 'x', tapes: [{ synthetic: {} }], replay: { speed: 0 } }],
])('an editor marks %s', (_, scenario) => {
  expect(validate(scenario)).toBe(false);
});

test('an editor accepts a file without tapes when it extends another', () => {
  expect(validate({ extends: 'default.scenario.yaml', replay: { speed: 'max' } })).toBe(true);
});

async function firstSymbol({ scenario, directory }: LoadedScenario): Promise<string | undefined> {
  const [tape] = scenario.tapes;
  if (tape === undefined) return undefined;
  await using source = openTape(tape, { directory, seed: scenario.seed });
  for await (const page of source.pages({}, new AbortController().signal)) return page[0]?.symbol;
  return undefined;
}
