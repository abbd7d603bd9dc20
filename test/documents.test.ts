import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { overrides, parseScenario } from '../server/index.ts';
import type { ExchangeKind, Stream } from '../server/exchanges/exchange.ts';
import { exchangeKinds } from '../server/exchanges/index.ts';
import { formats } from '../server/tapes/import/index.ts';

// Documents that no test reads rot. What can be checked by machine in README and docs is checked here.
const readme = readFileSync('README.md', 'utf8');
const documents = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

test.each(documents)('every file that %s links to exists', (document) => {
  const links = [...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
    ([, link]) => link ?? '',
  );
  expect(links.filter((link) => !existsSync(join(dirname(document), link)))).toEqual([]);
});

test('the scenario in the README is one', async () => {
  const [, yaml = ''] = /```yaml\n(# yaml-language-server[\s\S]+?)```/.exec(readme) ?? [];
  const { scenario } = await parseScenario(yaml, 'readme.scenario.yaml', {});
  expect(scenario).toMatchObject({ name: 'opening-bell', replay: { speed: 10, timestamps: 'shifted' } });
  const files = scenario.tapes.flatMap(({ file }) => (typeof file === 'string' ? [file] : []));
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

test('the README names every variable that speaks over a scenario', () => {
  expect(overrides.map(({ variable }) => variable).filter((variable) => !readme.includes(`\`${variable}\``))).toEqual(
    [],
  );
});

test('the README names every stream and every ready scenario', () => {
  const { alpaca, polygon, twelvedata } = exchangeKinds;
  const streams = [...streamsOf(alpaca), ...streamsOf(polygon), ...streamsOf(twelvedata)];
  // Polygon's delayed feeds are named as a rule, and not one by one.
  const paths = streams.flatMap(({ path, alias }) => (alias || path.startsWith('/delayed/') ? [] : [path]));
  expect(paths.filter((path) => !readme.includes(`\`${path}\``))).toEqual([]);
  const scenarios = readdirSync('scenarios').flatMap((name) => /^(.+)\.scenario\.yaml$/.exec(name)?.[1] ?? []);
  expect(scenarios.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

test('docs/import.md names every format', () => {
  const named = readFileSync('docs/import.md', 'utf8');
  expect(formats.filter(({ name }) => !named.includes(`\`${name}\``))).toEqual([]);
});

test.each([
  ['docs/rest.md', await routesOf(exchangeKinds.alpaca)],
  ['docs/rest-polygon.md', await routesOf(exchangeKinds.polygon)],
  ['docs/rest-twelvedata.md', await routesOf(exchangeKinds.twelvedata)],
])('%s names every path that is answered over HTTP', (document, paths) => {
  const expand = (text: string): string[] => {
    const [, before = '', words = '', after = ''] = /^(.*?)\{(.+?)\}(.*)$/.exec(text) ?? [];
    return words === '' ? [text] : words.split(',').flatMap((word) => expand(before + word + after));
  };
  const named = [...readFileSync(document, 'utf8').matchAll(/`(\/[^`]+)`/g)].flatMap(([, path = '']) => expand(path));
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.filter((path) => !named.includes(path))).toEqual([]);
});

function streamsOf<Options extends z.ZodType>(kind: ExchangeKind<Options>): readonly Stream[] {
  return kind.open(kind.options.parse({})).streams;
}

async function routesOf<Options extends z.ZodType>(kind: ExchangeKind<Options>): Promise<readonly string[]> {
  const rest = await kind.open(kind.options.parse({})).rest?.();
  return (rest?.routes ?? []).map(({ path }) => path);
}

test('every npm command in the documents is a script', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const asked = documents.flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? ''),
  );
  expect(asked.filter((name) => !(name in scripts))).toEqual([]);
});
