import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadScenario } from '../../server/index.ts';
import { blocksFor, placeOf } from './blocks.ts';
import { Scratch } from './scratch.ts';
import { purposeOf } from './yaml.ts';

const blocks = blocksFor('yaml');
const scenarios = blocks.filter(({ text }) => purposeOf(text) === 'scenario');

test('every block of YAML is a scenario, or something for a pipeline that test/ci-kit.test.ts reads', () => {
  const unknown = blocks.filter(({ text }) => purposeOf(text) === undefined).map(placeOf);
  expect(unknown).toEqual([]);
  expect(scenarios.length).toBeGreaterThan(6);
});

test.each(scenarios.map((block) => [placeOf(block), block.text] as const))('%s is a scenario', async (_, text) => {
  using scratch = new Scratch();
  const lacking = [
    /^(?:name|extends):/m.test(text) ? '' : 'name: of-the-documents\n',
    /^(?:tapes|extends):/m.test(text) ? '' : 'tapes: [{ synthetic: { symbols: [AAPL] } }]\n',
  ];
  const file = join(scratch.folder, 'of-the-documents.scenario.yaml');
  // What lacks comes last: the lines of an error are those of the block.
  writeFileSync(file, `${text}\n${lacking.join('')}`);
  const { scenario } = await loadScenario(file, { DATABASE_URL: 'postgres://localhost/market' });
  expect(scenario.tapes.length).toBeGreaterThan(0);
});
