import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { packedProject } from '../services/index.ts';
import { blocksFor, placeOf } from './blocks.ts';

const project = await packedProject();
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** What the documents leave to their reader. */
const readersOwn = {
  'bot.ts': `export declare function startBot(url: string, key?: string, secret?: string): Promise<AsyncDisposable>;`,
  'globals.d.ts': `declare function connectYourClientTo(url: string): unknown;
    declare function useYourClient(url: string): Promise<void>;`,
};

test('every program of the documents compiles with the types of the package, strictly', () => {
  // The SDKs and test runners that they use.
  const { devDependencies } = z
    .object({ devDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')));
  for (const name of Object.keys(devDependencies)) {
    const link = join(project, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(resolve('node_modules', name), link);
  }
  cpSync('testing/types/testcontainers.d.ts', join(project, 'testcontainers.d.ts'));
  for (const [name, text] of Object.entries(readersOwn)) writeFileSync(join(project, name), text);
  const files = blocksFor('types').map((block) => {
    const name = `${block.file.replaceAll(/[/.]/g, '-')}-${block.line}.ts`;
    // Its lines count as they do in the document.
    writeFileSync(join(project, name), '\n'.repeat(block.line - 1) + block.text);
    return { name, place: placeOf(block) };
  });
  expect(files.length).toBeGreaterThan(5);
  const tsconfig = {
    extends: resolve('tsconfig.json'),
    compilerOptions: { lib: ['ES2023', 'DOM', 'ESNext.Disposable'] },
    files: [...files.map(({ name }) => name), 'globals.d.ts', 'testcontainers.d.ts'],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(tsconfig));
  const { stdout, status } = spawnSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', '.'], {
    cwd: project,
    encoding: 'utf8',
  });
  const told = files.reduce((text, { name, place }) => text.replaceAll(name, place.replace(/:\d+$/, '')), stdout);
  expect(told).toBe('');
  expect(status).toBe(0);
});
