import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { start } from './bin/papertape.ts';
import { compiled, ran } from './helpers/packed.ts';
import { packedProject } from './services/index.ts';

// `papertape/admin` and `papertape/testcontainers`, as a user imports them.
const project = await packedProject();
const bundler = resolve('node_modules/.bin/esbuild');
afterAll(() => rmSync(project, { recursive: true, force: true }));

test('a program steers an exchange by the SDK of the admin API', async () => {
  writeFileSync(
    join(project, 'steer.ts'),
    `import { AdminError, PapertapeAdmin, type RunView } from 'papertape/admin';
     const admin = new PapertapeAdmin({ url: process.argv[2] ?? '' });
     const run: RunView = await admin.play();
     const refusal: unknown = await admin.getRun('nowhere').catch((error: unknown) => error);
     console.log(run.phase, refusal instanceof AdminError && refusal.problem.status);
     // @ts-expect-error a speed is no word
     await admin.setSpeed('fast').catch(() => undefined);`,
  );
  expect(compiled(project, 'steer.ts')).toBe('');
  ran(project, bundler, ['steer.ts', '--bundle', '--packages=external', '--format=esm', '--outfile=steer.js']);
  await using running = start(['serve', '--port', '0']);
  const said = await running.heard(/"adminPort":\d+/);
  const [, port = ''] = /"adminPort":(\d+)/.exec(said) ?? [];
  expect(ran(project, process.execPath, ['steer.js', `http://127.0.0.1:${port}`])).toBe('playing 404\n');
});

test('the SDK of the admin API has not a word of Node in it, so that browsers take it', () => {
  const sdk = join(project, 'node_modules/papertape/dist/admin-api/sdk/index.js');
  // Whatever only Node has fails this bundle.
  const bundle = ran(project, bundler, [sdk, '--bundle', '--platform=browser', '--log-level=error']);
  expect(bundle).toContain('AdminError');
  expect(bundle.length).toBeLessThan(100_000);
});

test('a test with testcontainers finds the types of its container', () => {
  // What testcontainers declares, in its place.
  const place = join(project, 'node_modules/testcontainers');
  mkdirSync(place);
  cpSync('testing/types/testcontainers.d.ts', join(place, 'ambient.d.ts'));
  writeFileSync(
    join(project, 'container.ts'),
    `import { PapertapeContainer, type StartedPapertapeContainer } from 'papertape/testcontainers';
     const started: StartedPapertapeContainer = await new PapertapeContainer('papertape').withScenario('ci').withSpeed('max').start();
     await started.admin.pause();
     console.log(started.url, started.env['PAPERTAPE_URL']);
     // @ts-expect-error a seed is a number
     new PapertapeContainer().withSeed('7');`,
  );
  expect(compiled(project, 'container.ts', join(place, 'ambient.d.ts'))).toBe('');
});
