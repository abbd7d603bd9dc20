import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseScenario, ScenarioError } from '../../../server/scenario/index.ts';
import { complaintsAboutAll } from './complaints.ts';

test.each([
  ['', 't.yaml:1:1 the scenario is empty; begin with one made by `papertape init`'],
  ['a: 1\na: 2', 't.yaml:2:1 a: this key is already there; keep one of the two'],
  ['name: "x', 't.yaml:1:9 Missing closing "quote; put the YAML right at this place'],
  ['- 1', 't.yaml:1:1 not a map of keys and values; use a map of keys and values'],
  ['name: *nobody', 't.yaml:1:7 name: *nobody – an alias of nothing; put &nobody before the value it repeats'],
  ['name: !wow x', 't.yaml:1:7 Unresolved tag: !wow; remove the tag; plain values are enough here'],
  ['a: 1\n---\nb: 2', 't.yaml:2:1 a second document; one file holds one scenario; remove the `---` line'],
  ['a: &a [*a]', 't.yaml:1:8 a[0][0][0]: nested deeper than 64 levels; a scenario needs five'],
])('YAML that begins %j is answered with a place and a way out', async (text, line) => {
  expect((await complaintsAboutAll(text))[0]).toBe(line);
});

test.each([
  ['brackets', `a: ${'['.repeat(500_000)}`],
  ['dashes', '- '.repeat(400_000)],
])('half a million %s are refused before the parser sees them', async (_, text) => {
  expect(await complaintsAboutAll(text)).toEqual(['t.yaml:1:1 nested deeper than 64 levels; a scenario needs five']);
});

test('aliases that multiply are stopped before they fill the memory', async () => {
  const layers = ['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, index) => {
    const below = `*${'abcdefg'[index] ?? 'a'}`;
    return `${name}: &${name} [${Array.from({ length: 10 }, () => below).join(', ')}]`;
  });
  const [line] = await complaintsAboutAll(`a: &a 1\n${layers.join('\n')}`);
  expect(line).toMatch(/more than 100000 values once aliases are followed; use fewer aliases$/);
});

test('an alias repeats its value', async () => {
  const { scenario } = await parseScenario('name: &n t\ndescription: *n\ntapes: [{ synthetic: {} }]', 't.yaml', {});
  expect(scenario.description).toBe('t');
});

test('text that is too large is refused before it is parsed', async () => {
  expect(await complaintsAboutAll(`# ${'x'.repeat(2 ** 20)}`)).toEqual([
    't.yaml:1:1 larger than 1MiB; keep rows in a tape and settings in the scenario',
  ]);
});

test('no text whatever makes loading end in anything but a scenario or a list of problems', async () => {
  const piece = fc.constantFrom(
    'name: t',
    'tapes:',
    '  - synthetic:',
    ' {',
    '[',
    '*a',
    '&a',
    ': ',
    '\n',
    '- ',
    '? ',
    '"',
    '${A',
    '}',
    '!x',
    '\t',
    '|',
    '>',
    '#',
    '---',
    '\u0000',
    '__proto__: 1',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      async (text) => {
        const outcome: unknown = await parseScenario(text, 't.yaml', {}).catch((error: unknown) => error);
        const told = outcome instanceof ScenarioError && outcome.problems.length > 0;
        expect(told || (typeof outcome === 'object' && outcome !== null && 'scenario' in outcome)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
