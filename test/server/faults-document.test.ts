import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseScenario } from '../../server/index.ts';
import { expectationRows, faultRows, rowsOf } from '../helpers/plug-rows.ts';

const rows = rowsOf(readFileSync('docs/faults.md', 'utf8')).map((cells) => JSON.stringify(cells));

test('docs/faults.md tells every fault as the schema does, and none that is not there', () => {
  expect(faultRows().length).toBeGreaterThan(50);
  const wanted = [...faultRows(), ...expectationRows()].map((cells) => JSON.stringify(cells));
  expect(wanted.filter((row) => !rows.includes(row))).toEqual([]);
  const told = rows.filter((row) => /^\["`\w+`"/.test(row));
  expect(told.filter((row) => !wanted.includes(row))).toEqual([]);
});

test.each(['README.md', 'docs/faults.md'])('the scenario with faults in %s is one', async (document) => {
  const found = [...readFileSync(document, 'utf8').matchAll(/```yaml\n([\s\S]+?)```/g)].map(([, yaml = '']) => yaml);
  const yaml = found.find((text) => text.includes('timeline:')) ?? '';
  const { scenario } = await parseScenario(yaml, document, {});
  expect([scenario.name, scenario.timeline.length > 1, scenario.expect.length]).toEqual(['reset-and-mute', true, 3]);
});
