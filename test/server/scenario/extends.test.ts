import { expect, test } from 'vitest';
import { loadScenario } from '../../../server/scenario/index.ts';
import { problemsOf } from './complaints.ts';
import { folderOf } from './folder.ts';

const base = `name: base
tapes: [{ file: day.ndjson }]
replay:
  mode: loop
  speed: 2
  maxIdle: 5s
  symbols: [AAPL, MSFT]
`;

test('a scenario takes over what it does not say: maps merge, lists are replaced, null takes away', async () => {
  await using folder = await folderOf({
    'shared/base.yaml': base,
    'mine.yaml': 'extends: shared/base.yaml\nname: mine\nreplay: { speed: max, symbols: [TSLA], maxIdle: null }\n',
  });
  const { scenario, directory } = await loadScenario(folder.at('mine.yaml'), {});
  expect(scenario).toMatchObject({ name: 'mine', replay: { mode: 'loop', speed: 'max', symbols: ['TSLA'] } });
  expect(scenario.replay.maxIdle).toBeUndefined();
  // The tapes came from the base, so their paths are looked up beside it.
  expect(directory).toBe(folder.at('shared'));
});

test('an error keeps the file it comes from, whichever file brings it to light', async () => {
  await using folder = await folderOf({
    'base.yaml': base.replace('speed: 2', 'speed: 2000'),
    'mine.yaml': 'extends: base.yaml\nname: my scenario\n',
  });
  expect(await problemsOf(loadScenario(folder.at('mine.yaml'), {}))).toEqual([
    `${folder.at('base.yaml')}:5:10 replay.speed: 2000 – not a speed; use 0.1–1000 or max`,
    `${folder.at('mine.yaml')}:2:7 name: my scenario – not a name; use letters, digits, dots, dashes and underscores`,
  ]);
});

test('files that extend each other in a circle are reported with the way round', async () => {
  await using folder = await folderOf({ 'a.yaml': 'extends: b.yaml', 'b.yaml': 'extends: ./a.yaml' });
  const [a, b] = [folder.at('a.yaml'), folder.at('b.yaml')];
  expect(await problemsOf(loadScenario(a, {}))).toEqual([
    `${b}:1:10 extends: ${a} – extends itself in a circle (${a} → ${b} → ${a}); remove one of the \`extends\``,
  ]);
});

test('a base that is missing is reported at the line that asks for it, with the chain', async () => {
  await using folder = await folderOf({ 'a.yaml': 'name: a\nextends: b.yaml', 'b.yaml': 'extends: lost/c.yaml' });
  const [a, b, c] = [folder.at('a.yaml'), folder.at('b.yaml'), folder.at('lost/c.yaml')];
  expect(await problemsOf(loadScenario(a, {}))).toEqual([
    `${b}:1:10 extends: ${c} – no such file (${a} → ${b} → ${c}); check the path, or write a scenario with \`papertape init\``,
  ]);
});

test('a chain of more than sixteen files is refused', async () => {
  const chain = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`${index}.yaml`, `extends: ${index + 1}.yaml`]),
  );
  await using folder = await folderOf(chain);
  const [line] = await problemsOf(loadScenario(folder.at('0.yaml'), {}));
  expect(line).toContain('more than 16 files in a row');
});

test.each([
  ['nothing', undefined, 'no such file'],
  ['a folder', 'folder', 'a folder, not a file'],
  ['bytes', new Uint8Array([0x6e, 0xff, 0xfe]), 'not UTF-8 text'],
])('a file that is %s is refused with a way out', async (_, content, message) => {
  await using folder = await folderOf(
    content === 'folder' ? { 'x.yaml/inner': '' } : content === undefined ? {} : { 'x.yaml': content },
  );
  const [line] = await problemsOf(loadScenario(folder.at('x.yaml'), {}));
  expect(line).toMatch(new RegExp(`^${folder.at('x.yaml')}:1:1 ${message}; .`));
});
