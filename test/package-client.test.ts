import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { start } from './bin/papertape.ts';
import { compiled, ran } from './helpers/packed.ts';
import { packedProject } from './services/index.ts';

// `papertape/client` and `papertape collect`, as a user has them.
const project = await packedProject();
afterAll(() => rmSync(project, { recursive: true, force: true }));

test('a program starts a pipeline with a sink of its own, which stores in a folder what it hears', async () => {
  writeFileSync(
    join(project, 'collect.ts'),
    `import { type Batch, type PipelineInput, type Sink, startPipeline } from 'papertape/client';
     let heard = 0;
     let resolve = (): void => undefined;
     const enough = new Promise<void>((resolved) => (resolve = resolved));
     const counting: Sink = {
       name: 'counting',
       take({ events }: Batch) {
         heard += events.length;
         if (heard >= 20) resolve();
         return undefined;
       },
       flush: async () => undefined,
       health: () => ({ state: 'well', says: '', pending: 0 }),
       [Symbol.asyncDispose]: async () => undefined,
     };
     const input: PipelineInput = {
       feeds: [{ feed: { vendor: 'alpaca', streamUrl: process.argv[2] ?? '' }, keys: [{ id: 'k', secret: 's' }], want: { trade: ['*'] } }],
       store: { database: 'market', spool: { folder: 'spool' } },
       service: { port: 0 },
     };
     // @ts-expect-error a vendor that nobody knows
     await startPipeline({ ...input, feeds: [{ feed: { vendor: 'nobody' } }] }).catch((error: Error) => console.log(error.name));
     const pipeline = await startPipeline(input, { sinks: [counting] });
     await enough;
     await pipeline[Symbol.asyncDispose]();
     console.log((pipeline.store?.counts.stored ?? 0) >= 20);`,
  );
  expect(compiled(project, 'collect.ts')).toBe('');
  const bundler = resolve('node_modules/.bin/esbuild');
  ran(project, bundler, ['collect.ts', '--bundle', '--packages=external', '--format=esm', '--outfile=collect.js']);
  await using exchange = start(['serve', '--port', '0', '--admin-port', 'off']);
  const said = await exchange.heard(/"port":\d+/);
  const [, port = ''] = /"port":(\d+)/.exec(said) ?? [];
  expect(ran(project, process.execPath, ['collect.js', `ws://127.0.0.1:${port}`])).toBe('ZodError\ntrue\n');
});

test('where the embedded database is not installed, a folder to store in is refused with the way out', () => {
  rmSync(join(project, 'node_modules/@electric-sql'), { recursive: true });
  const program = join(project, 'node_modules/papertape/dist/bin/papertape.js');
  const words = [program, 'collect', '--database', './market', '--service-port', '0'];
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: project, encoding: 'utf8', env: {} });
  expect(stderr).toContain('npm install @electric-sql/pglite');
  expect(stderr).not.toContain('    at ');
  expect(status).toBe(2);
});
