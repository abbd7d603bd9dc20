import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { packedProject } from './services/index.ts';

// The package as a user gets it: compiled, packed, unpacked into a project that has our dependencies and nothing else of ours.
const project = await packedProject();
const installed = join(project, 'node_modules/papertape');
const description = z
  .object({ bin: z.object({ papertape: z.string() }) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

const versions = z.record(z.string(), z.string()).default({});
const lockfile = z.object({ packages: z.record(z.string(), z.object({ optionalDependencies: versions })) });

afterAll(() => rmSync(project, { recursive: true, force: true }));

test('the package holds what runs, and neither tests nor sources', () => {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  expect(files).toEqual(
    expect.arrayContaining([
      'dist/bin/papertape.js',
      'dist/server/index.d.ts',
      'dist/testing/vitest.js',
      'dist/testing/jest.d.ts',
      'dist/page/index.html',
      'scenarios/default.scenario.yaml',
      'LICENSE',
    ]),
  );
  expect(files.filter((name) => /(?<!\.d)\.ts$|^test|^bench|^fixtures\/transcripts/.test(name))).toEqual([]);
});

test('a program imports papertape, plays a scenario and hears that it is healthy', () => {
  writeFileSync(
    join(project, 'embed.js'),
    `import { loadScenario, startPapertape } from 'papertape';
     const { scenario, directory } = await loadScenario('node_modules/papertape/scenarios/ci.scenario.yaml', process.env);
     const papertape = await startPapertape({ scenario, directory, port: 0 });
     const answer = await fetch(papertape.url.replace('ws', 'http') + '/health');
     console.log(JSON.stringify(await answer.json()));
     await papertape[Symbol.asyncDispose]();`,
  );
  expect(JSON.parse(run('node', ['embed.js'], project))).toMatchObject({ status: 'ok', scenario: 'ci' });
});

test('a program in TypeScript finds the types', () => {
  writeFileSync(
    join(project, 'embed.ts'),
    `import { loadScenario, startPapertape, type Papertape } from 'papertape';
     const { scenario, directory } = await loadScenario('my.scenario.yaml', {});
     const papertape: Papertape = await startPapertape({ scenario, directory, port: 0 });
     papertape.run.setSpeed(10);
     const port: number = papertape.port;
     // @ts-expect-error a speed is no word
     papertape.run.setSpeed('fast');
     console.log(port);`,
  );
  const options =
    '--noEmit --strict --skipLibCheck --target es2023 --module nodenext --lib es2023,dom,esnext.disposable';
  const compiler = resolve('node_modules/.bin/tsc');
  expect(run(compiler, [...options.split(' '), '--types', '', 'embed.ts'], project)).toBe('');
});

const inTest = `
  for (const end of ['returns', 'stays away']) {
    test('a client that ' + end, async (context) => {
      const papertape = exchangeOf(context);
      const socket = new WebSocket(papertape.streamUrl('/v2/iex'));
      socket.on('message', (text) => {
        if (String(text).includes('connected')) {
          socket.send(JSON.stringify({ action: 'auth', key: papertape.key, secret: papertape.secret }));
        } else if (String(text).includes('authenticated')) {
          socket.send(JSON.stringify({ action: 'subscribe', trades: ['*'] }));
        }
      });
      socket.on('error', () => undefined);
      await new Promise((resolve) => socket.on('close', resolve));
      if (end === 'returns') {
        const again = new WebSocket(papertape.streamUrl('/v2/iex'));
        again.once('message', () => again.send(JSON.stringify({ action: 'auth', key: papertape.key, secret: 's' })));
        again.on('error', () => undefined);
      }
      await expect(papertape).toReconnectWithin('500ms', { after: 'reset' });
    });
  }`;
const scenario = {
  tapes: [{ synthetic: { symbols: ['AAPL'], from: '2026-07-01T10:00:00-04:00', to: '2026-07-01T10:05:00-04:00' } }],
  replay: { speed: 1, startOn: 'subscribed' },
  timeline: [{ id: 'reset', at: '50ms', inject: { reset: {} } }],
};

test('a test of vitest has an exchange of its own, matchers, and the journal where it fails', () => {
  for (const name of ['vitest', 'expect'])
    symlinkSync(resolve('node_modules', name), join(project, 'node_modules', name));
  writeFileSync(
    join(project, 'bot.test.js'),
    `import { expect, test as plain } from 'vitest';
     import { WebSocket } from 'ws';
     import { papertapeFixture } from 'papertape/testing';
     import 'papertape/testing/vitest';
     const exchangeOf = ({ papertape }) => papertape;
     const withExchange = plain.extend({ papertape: papertapeFixture({ scenario: ${JSON.stringify(scenario)}, reports: 'reports' }) });
     const test = (name, run) => withExchange(name, ({ papertape }) => run({ papertape }));
     ${inTest}
     withExchange('anything else', async ({ papertape }) => {
       await fetch(papertape.httpUrl + '/v2/stocks/AAPL/trades/latest', { headers: { 'APCA-API-KEY-ID': 'k' } });
       throw new Error('did not like it');
     });`,
  );
  const child = spawnSync(
    process.execPath,
    [resolve('node_modules/vitest/vitest.mjs'), 'run', '--root', project, '--reporter=verbose'],
    {
      cwd: project,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], NO_COLOR: '1' },
    },
  );
  const output = child.stdout + child.stderr;
  expect(output).toContain('✓ bot.test.js > a client that returns');
  expect(output).toContain('is still not logged in after');
  expect(output).toMatch(
    /journal:\n\s+#\d+ 0:\d\d\.\d{3} connection 1 \(key-\w+\) was closed by the exchange with 1006/,
  );
  expect(output).toMatch(/did not like it\n\s+papertape, end of the journal:\n\s+#\d+ 0:\d\d\.\d{3} /);
  expect(output).toMatch(/report: reports\/a-client-that-stays-away-.+\.html/);
  expect(output).toMatch(/Tests\s+2 failed \| 1 passed \(3\)/);
  expect(readdirSync(join(project, 'reports'))).toHaveLength(2);
});

test('a test of node:test, with the expect of jest, has an exchange of its own and matchers', () => {
  writeFileSync(
    join(project, 'bot.mjs'),
    `import { afterEach, beforeEach, test } from 'node:test';
     import { expect } from 'expect';
     import { WebSocket } from 'ws';
     import { papertapeMatchers, usePapertape } from 'papertape/testing';
     expect.extend(papertapeMatchers);
     const papertape = usePapertape({ scenario: ${JSON.stringify(scenario)} }, { beforeEach, afterEach });
     const exchangeOf = () => papertape();
     ${inTest}`,
  );
  const child = spawnSync(process.execPath, ['--test-reporter=spec', 'bot.mjs'], {
    cwd: project,
    encoding: 'utf8',
    env: {},
  });
  expect(child.stdout).toMatch(/✔ a client that returns/);
  expect(child.stdout).toMatch(/✖ a client that stays away/);
  expect(child.stdout).toContain('is still not logged in after');
});

test('the types of the matchers reach tests of vitest and of jest', () => {
  const lines = (runner: string): string => `
     await expect(papertape).toReconnectWithin('5s', { after: 'reset', target: { endpoint: 'alpaca' } });
     await expect(papertape).not.toHaveStayedWithinConnections(1, { per: 'run' });
     await expect(papertape).toHaveResubscribed();
     // @ts-expect-error a number of connections is no word
     await expect(papertape).toHaveStayedWithinConnections('one');
     // @ts-expect-error ${runner} has no such matcher
     await expect(papertape).toBeFlawless();`;
  writeFileSync(
    join(project, 'types.vitest.ts'),
    `import { expect, test as plain } from 'vitest';
     import { papertapeFixture } from 'papertape/testing';
     import 'papertape/testing/vitest';
     const test = plain.extend({ papertape: papertapeFixture({ scenario: 'ci' }) });
     test('it', async ({ papertape }) => {
       const port: number = papertape.port;
       console.log(port);
       ${lines('vitest')}
     });`,
  );
  writeFileSync(
    join(project, 'types.jest.ts'),
    `import { expect } from 'expect';
     import { startPapertape } from 'papertape';
     import 'papertape/testing/jest';
     await using papertape = await startPapertape({ scenario: { tapes: [{ synthetic: { symbols: ['AAPL'] } }] } });
     // @ts-expect-error a speed is no word
     await startPapertape({ scenario: { tapes: [], replay: { speed: 'fast' } } });
     ${lines('jest')}`,
  );
  const options =
    '--noEmit --strict --skipLibCheck --target es2023 --module nodenext --lib es2023,dom,esnext.disposable';
  const compiler = resolve('node_modules/.bin/tsc');
  expect(run(compiler, [...options.split(' '), '--types', '', 'types.vitest.ts', 'types.jest.ts'], project)).toBe('');
});

test('every example of docs/embedding.md compiles', () => {
  const blocks = [...readFileSync('docs/embedding.md', 'utf8').matchAll(/```ts\n([\s\S]+?)```/g)];
  const names = blocks.map(([, block = ''], at) => {
    writeFileSync(join(project, `example-${at}.ts`), block);
    return `example-${at}.ts`;
  });
  expect(names.length).toBeGreaterThan(3);
  writeFileSync(
    join(project, 'bot.ts'),
    `export declare function startBot(url: string, key: string, secret: string): Promise<AsyncDisposable>;`,
  );
  const types = `--types node --typeRoots ${resolve('node_modules/@types')}`;
  const options = `--noEmit --strict --skipLibCheck --target es2023 --module nodenext --allowImportingTsExtensions ${types}`;
  const lib = ['--lib', 'es2023,dom,esnext.disposable'];
  expect(run(resolve('node_modules/.bin/tsc'), [...options.split(' '), ...lib, ...names], project)).toBe('');
});

test('the command line finds the ready scenarios, and validates them', () => {
  expect(papertape('--help').output).toContain('papertape serve');
  const scenarios = readdirSync(join(installed, 'scenarios')).filter((name) => name.endsWith('.scenario.yaml'));
  const { status, output } = papertape('validate', ...scenarios.map((name) => join(installed, 'scenarios', name)));
  expect(output).toContain('default.scenario.yaml: ok');
  expect(status).toBe(0);
});

test('the command line finds ready scenarios by name, and a new one names the schema within the project', () => {
  expect(papertape('validate', 'market-open')).toEqual({
    status: 0,
    output: 'market-open: ok, scenario market-open\n',
  });
  expect(papertape('init', 'tests/new.scenario.yaml').status).toBe(0);
  const written = readFileSync(join(project, 'tests/new.scenario.yaml'), 'utf8');
  const [, schema = ''] = /^# yaml-language-server: \$schema=(\.\S+)\n/.exec(written) ?? [];
  expect(schema).toBe('../node_modules/papertape/scenarios/papertape-v1.schema.json');
  expect(existsSync(join(project, 'tests', schema))).toBe(true);
});

test('the command line finds the migrations', () => {
  const { status, output } = papertape('db', 'migrate', '--url', 'postgres://127.0.0.1:1/nowhere');
  expect(output).toContain('Cannot reach');
  expect(status).toBe(1);
});

test('the lockfile holds what it names for every platform, so that npm ci accepts it anywhere', () => {
  const { packages } = lockfile.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  const names = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)));
  const named = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !names.has(name))).toEqual([]);
});

function papertape(...words: string[]): { status: number | null; output: string } {
  const program = join(installed, description.bin.papertape);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    cwd: project,
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

/** What a program prints; its error output comes with the exception when it fails. */
function run(program: string, words: readonly string[], folder: string): string {
  return execFileSync(program, words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
