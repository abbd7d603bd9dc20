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
  ['<<: 5', 't.yaml:1:1 <<: merges what is not a map; write `<<: *name`, where &name stands before a map'],
  [
    'a: &a {}\n<<: [*a, 1]',
    't.yaml:2:1 <<: merges what is not a map; write `<<: *name`, where &name stands before a map',
  ],
  ['a: &a {}\n<<: *a\n<<: *a', 't.yaml:3:1 <<: this key is already there; keep one of the two'],
  ['a: &a { <<: *a }', 't.yaml:1:13 a.<<.<<.<<: nested deeper than 64 levels; a scenario needs five'],
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

test('a merge key takes in the map it names, under what is written beside it', async () => {
  const { scenario } = await parseScenario(
    `name: t
tapes: [{ synthetic: { symbols: [AAPL], rate: 40 } }]
timeline:
  - &mute { id: one, at: 1s, for: 2s, inject: { mute: {} } }
  - { <<: *mute, id: two, at: 3s }
  - { id: three, <<: [{ at: 4s }, *mute] }`,
    't.yaml',
  );
  expect(scenario.timeline.map(({ id, at, for: span }) => [id, at, span])).toEqual([
    ['one', 1_000_000_000n, 2_000_000_000n],
    ['two', 3_000_000_000n, 2_000_000_000n],
    ['three', 4_000_000_000n, 2_000_000_000n],
  ]);
});

test('what is wrong with a value that was merged is told where it was written', async () => {
  const text = `name: t
tapes: [{ synthetic: {} }]
timeline:
  - &base
    id: one
    at: 1s
    for: later
    inject: { mute: {} }
  - <<: *base
    id: two`;
  expect(await complaintsAboutAll(text)).toEqual([
    expect.stringMatching(/^t\.yaml:7:10 timeline\[0\]\.for: later – /),
    expect.stringMatching(/^t\.yaml:7:10 timeline\[1\]\.for: later – /),
  ]);
});

test('a key that is only called << in quotes is a key like others', async () => {
  expect(await complaintsAboutAll('name: t\ntapes: [{ synthetic: {} }]\n"<<": { speed: 3 }')).toEqual([
    expect.stringMatching(/^t\.yaml:3:1 <</),
  ]);
});

test('merges that multiply are stopped before they fill the memory', async () => {
  const layers = Array.from(
    { length: 30 },
    (_, index) => `x${index + 1}: &x${index + 1} { <<: [*x${index}, *x${index}] }`,
  );
  const [line] = await complaintsAboutAll(`x0: &x0 { a: 1 }\n${layers.join('\n')}`);
  expect(line).toMatch(/more than 100000 values once aliases are followed; use fewer aliases$/);
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
