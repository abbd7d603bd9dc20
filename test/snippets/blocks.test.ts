import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { allBlocks, blocksFor, blocksOf, placeOf, wayOf } from './blocks.ts';

const wayOut =
  'nothing tries it: take one of the languages in test/snippets/blocks.ts, or say why it cannot be tried: ```sh no-run (why)';

/** What no machine here can do: few, and each with its reason. */
const excused = ['docs/hard-coded-sdks.md', 'docs/recycler.md'];

test('every block of the documents is tried, or says why not', () => {
  const untold = allBlocks()
    .filter(({ language, excuse }) => language !== '' && excuse === undefined && wayOf(language) === undefined)
    .map((block) => `${placeOf(block)}: ${block.language} – ${wayOut}`);
  expect(untold).toEqual([]);
  const excuses = allBlocks().filter(({ excuse }) => excuse !== undefined);
  expect(excuses.map(({ file }) => file)).toEqual(excused);
});

test('what is shown without a language is output or a drawing, and no command', () => {
  const commands = allBlocks()
    .filter(
      ({ language, text }) => language === '' && /^(?:\$ |papertape |np[mx] |node |curl |docker |import )/m.test(text),
    )
    .map((block) => `${placeOf(block)}: a command; say that it is one: \`\`\`sh`);
  expect(commands).toEqual([]);
});

test.each(blocksFor('json').map((block) => [placeOf(block), block] as const))('%s is JSON', (_, { text }) => {
  expect(JSON.parse(text)).toBeDefined();
});

test.each(blocksFor('python').map((block) => [placeOf(block), block] as const))('%s is Python', (_, { text }) => {
  expect(
    execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: text }),
  ).toBeDefined();
});

test('a block in a list is found with its line, its language, and without its indent', () => {
  const text = ['1. a', '', '   ```sh no-run (needs root)', '   sudo a \\', '     b', '   ```', '', '```', 'c', '```'];
  expect(blocksOf('a.md', text.join('\n'))).toEqual([
    { file: 'a.md', line: 4, language: 'sh', excuse: 'needs root', text: 'sudo a \\\n  b' },
    { file: 'a.md', line: 9, language: '', excuse: undefined, text: 'c' },
  ]);
  expect(() => blocksOf('a.md', '```sh\nls')).toThrow('a.md:1');
  expect(blocksOf('a.md', '```sh no-run\nls\n```')).toMatchObject([{ language: 'sh no-run', excuse: undefined }]);
});
