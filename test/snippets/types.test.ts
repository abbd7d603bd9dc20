import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { blocksFor, placeOf } from './blocks.ts';

const project = mkdtempSync(join(tmpdir(), 'papertape-snippets-'));
afterAll(() => rmSync(project, { recursive: true, force: true }));

const { exports } = z
  .object({ exports: z.record(z.string(), z.union([z.string(), z.object({ types: z.string() })])) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

/** Every import of the package leads to the source that it is built of. */
const paths = Object.fromEntries(
  Object.entries(exports).flatMap(([name, target]) =>
    typeof target === 'string'
      ? []
      : [[`papertape${name.slice(1)}`, [resolve(target.types.replace('./dist/', '').replace(/\.d\.ts$/, '.ts'))]]],
  ),
);

/** What the documents leave to their reader. */
const readersOwn = {
  'bot.ts': `export declare function startBot(url: string, key?: string, secret?: string): Promise<AsyncDisposable>;`,
  'globals.d.ts': `declare function connectYourClientTo(url: string): unknown;
    declare function useYourClient(url: string): Promise<void>;`,
};

/** Where the sources say what packages without types of their own are. */
const ambient = ['server', 'testing'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.d.ts'))
    .map((name) => resolve(folder, name)),
);

test('every program of the documents compiles with the types of the package, strictly', () => {
  symlinkSync(resolve('node_modules'), join(project, 'node_modules'));
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  for (const [name, text] of Object.entries(readersOwn)) writeFileSync(join(project, name), text);
  const files = blocksFor('types').map((block) => {
    const name = `${block.file.replaceAll(/[/.]/g, '-')}-${block.line}.ts`;
    // Its lines count as they do in the document.
    writeFileSync(join(project, name), '\n'.repeat(block.line - 1) + block.text);
    return { name, place: placeOf(block) };
  });
  expect(files.length).toBeGreaterThan(5);
  const compilerOptions = {
    lib: ['ES2023', 'DOM', 'ESNext.Disposable'],
    typeRoots: [resolve('node_modules/@types')],
    paths,
  };
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      extends: resolve('tsconfig.json'),
      compilerOptions,
      files: [...files.map(({ name }) => name), 'globals.d.ts', ...ambient],
    }),
  );
  const { stdout, status } = spawnSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', '.'], {
    cwd: project,
    encoding: 'utf8',
  });
  const told = files.reduce((text, { name, place }) => text.replaceAll(name, place.replace(/:\d+$/, '')), stdout);
  expect(told).toBe('');
  expect(status).toBe(0);
});
