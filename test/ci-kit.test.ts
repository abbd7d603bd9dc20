import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { settingNames } from '../bin/settings.ts';
import { clientVariables, overrides } from '../server/index.ts';
import { steered, type Steered } from './helpers/admin.ts';
import { blocksFor, placeOf } from './snippets/blocks.ts';
import { type Purpose, purposeOf, valuesOf } from './snippets/yaml.ts';

// There is no engine, no cluster and no pipeline here. What these files can be wrong about all the same: ports, variables, paths, shell and shape.
const dockerfile = readFileSync('Dockerfile', 'utf8');
const [, exposed = ''] = /^EXPOSE (.+)$/m.exec(dockerfile) ?? [];
const ports = exposed.split(' ');
/** What Papertape reads, and what it tells clients by. */
const address = { url: 'ws://x', httpUrl: 'http://x', key: '', secret: '' };
const known = new Set([
  ...settingNames,
  ...overrides.map(({ variable }) => variable),
  ...Object.keys(clientVariables(address, ['alpaca', 'polygon', 'twelvedata'])),
  'DATABASE_URL',
]);
const unknownIn = (names: Iterable<string>): string[] =>
  [...names].filter((name) => name.startsWith('PAPERTAPE_') && !known.has(name));

let exchange: Steered;
let paths: readonly string[];
beforeAll(async () => {
  exchange = await steered();
  const document = z
    .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
    .parse(await (await fetch(`${exchange.admin.url}/openapi.json`)).json());
  paths = Object.entries(document.paths).flatMap(([path, methods]) => ('get' in methods ? [path] : []));
});
afterAll(async () => await exchange[Symbol.asyncDispose]());

const blocks = (purpose: Purpose) => blocksFor('yaml').filter(({ text }) => purposeOf(text) === purpose);
const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

test('the image exposes the ports that Papertape takes by itself, sets variables it knows, and copies only what the build is given', () => {
  const defaults = Object.fromEntries(
    [...dockerfile.matchAll(/^ +(PAPERTAPE_\w+)=(\S+)/gm)].map(([, name, value]) => [name, value]),
  );
  expect(ports).toEqual([defaults['PAPERTAPE_PORT'], defaults['PAPERTAPE_ADMIN_PORT']]);
  expect(unknownIn([...dockerfile.matchAll(/PAPERTAPE_\w+/g)].map(([name]) => name))).toEqual([]);
  expect(dockerfile).toMatch(/^USER node$/m);
  const given = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .map((line) => line.replace(/^!/, ''));
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) => names.split(' '));
  const { include } = z
    .object({ include: z.array(z.string()) })
    .parse(JSON.parse(readFileSync('tsconfig.build.json', 'utf8')));
  const needed = [...copied.filter((name) => name !== '.'), ...include, 'tsconfig.json', 'tsconfig.build.json'];
  const isGiven = (name: string): boolean => given.some((place) => name === place || name.startsWith(`${place}/`));
  expect(needed.filter((name) => !isGiven(name))).toEqual([]);
});

const published = z.string().regex(/^127\.0\.0\.1:\d+:\d+$/);
const compose = z.looseObject({
  services: z.record(
    z.string(),
    z.looseObject({
      image: z.string().optional(),
      build: z.string().optional(),
      ports: z.array(published).optional(),
      environment: texts.optional(),
      depends_on: z.record(z.string(), z.strictObject({ condition: z.string() })).optional(),
    }),
  ),
});
const composes: (readonly [string, string])[] = [
  ['compose.yaml', readFileSync('compose.yaml', 'utf8')],
  ...blocks('compose').map((block) => [placeOf(block), block.text] as const),
];

test.each(composes)('%s publishes on loopback what the image exposes, and says what Papertape knows', (place, text) => {
  const { services } = compose.parse(valuesOf(text)[0]);
  const { papertape } = services;
  const inside = (papertape?.ports ?? []).map((port) => port.split(':').at(-1) ?? '');
  expect(inside.filter((port) => !ports.includes(port))).toEqual([]);
  expect(place === 'compose.yaml' ? inside : ports).toEqual(ports);
  expect(Object.values(services).flatMap(({ environment }) => unknownIn(Object.keys(environment ?? {})))).toEqual([]);
  const awaited = Object.values(services).flatMap(({ depends_on }) => Object.keys(depends_on ?? {}));
  expect(awaited.filter((name) => !(name in services))).toEqual([]);
});

const step = z
  .strictObject({
    name: z.string().optional(),
    if: z.string().optional(),
    uses: z
      .string()
      .regex(/^[\w-]+\/[\w-]+@v\d+$/)
      .optional(),
    with: texts.optional(),
    run: z.string().optional(),
    env: texts.optional(),
  })
  .refine(({ uses, run }) => (uses === undefined) !== (run === undefined), 'a step either uses or runs');
const workflow = z.strictObject({
  name: z.string(),
  on: z.array(z.enum(['push', 'pull_request'])),
  permissions: texts,
  jobs: z.record(
    z.string(),
    z.strictObject({
      'runs-on': z.string(),
      'timeout-minutes': z.number(),
      services: z.record(
        z.string(),
        z.strictObject({ image: z.string(), ports: z.array(z.string().regex(/^\d+:\d+$/)), env: texts }),
      ),
      steps: z.array(step),
    }),
  ),
});

test('the workflow for GitHub Actions has what a runner takes, waits until Papertape is ready, and keeps the verdict', () => {
  const [block, ...others] = blocks('actions');
  expect(others).toEqual([]);
  const { jobs } = workflow.parse(valuesOf(block?.text ?? '')[0]);
  for (const { services, steps } of Object.values(jobs)) {
    const { papertape } = services;
    expect(papertape?.ports.map((port) => port.split(':')[1])).toEqual(ports);
    expect(
      unknownIn([...Object.keys(papertape?.env ?? {}), ...steps.flatMap(({ env }) => Object.keys(env ?? {}))]),
    ).toEqual([]);
    const scripts = steps.flatMap(({ run }) => run ?? []);
    expect(scripts.flatMap(faultsOf)).toEqual([]);
    expect(scripts.flatMap(asked)).toEqual(['/ready', '/runs/default/verdict']);
    expect(steps.at(-1)).toMatchObject({ if: 'always()', with: { path: 'verdict' } });
  }
});

const pipeline = z.record(
  z.string(),
  z.strictObject({
    image: z.string(),
    timeout: z.string(),
    services: z.array(z.strictObject({ name: z.string(), alias: z.string(), variables: texts })),
    variables: texts,
    script: z.array(z.string()),
    after_script: z.array(z.string()),
    artifacts: z.strictObject({
      when: z.literal('always'),
      paths: z.array(z.string()),
      reports: z.strictObject({ junit: z.string() }),
    }),
  }),
);

test('the pipeline for GitLab has what its runner takes, and finds the service by its alias', () => {
  const [block, ...others] = blocks('gitlab');
  expect(others).toEqual([]);
  for (const job of Object.values(pipeline.parse(valuesOf(block?.text ?? '')[0]))) {
    const scripts = [...job.script, ...job.after_script];
    expect(scripts.flatMap(faultsOf)).toEqual([]);
    expect(scripts.flatMap(asked)).toEqual(['/ready', '/runs/default/verdict', '/runs/default/verdict']);
    const hosts = [...JSON.stringify([scripts, job.variables]).matchAll(/(?:http|ws):\/\/([\w.-]+)/g)].map(
      ([, host]) => host,
    );
    expect(new Set(hosts)).toEqual(new Set(job.services.map(({ alias }) => alias)));
    expect(
      unknownIn([...Object.keys(job.variables), ...job.services.flatMap(({ variables }) => Object.keys(variables))]),
    ).toEqual([]);
    expect(scripts.join('\n')).toContain(`--output ${job.artifacts.reports.junit} `);
  }
});

/** What bash says of a script; without what a pipeline puts in its place first. */
function faultsOf(script: string): string[] {
  const { stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
  return stderr === '' ? [] : [stderr];
}

/** Paths that a script asks of the admin API, each of which has to be in its document. */
function asked(script: string): string[] {
  const found = [...script.matchAll(/:8766(\/[^\s"'?]*)/g)].map(([, path = '']) => path);
  expect(found.filter((path) => !paths.includes(path.replace('/runs/default', '/runs/{run}')))).toEqual([]);
  return found;
}
