import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { explainScenario, parseScenario } from '../../../../server/index.ts';
import { fieldsOf, mappedKinds } from '../../../../server/sources/postgres/foreign/fields.ts';
import { mappingSchema } from '../../../../server/sources/postgres/foreign/mapping.ts';
import { presetList } from '../../../../server/sources/postgres/foreign/presets.ts';

const document = readFileSync('docs/databases.md', 'utf8');

test('the scenarios in docs/databases.md are scenarios, and explain says what they play', async () => {
  const scenarios = [...document.matchAll(/```yaml\n([\s\S]+?)```/g)].map(([, yaml = '']) => yaml);
  const told: string[] = [];
  for (const yaml of scenarios) {
    told.push(explainScenario((await parseScenario(yaml, 'databases.scenario.yaml', {})).scenario));
  }
  expect(told.join('\n')).toMatch(
    /market_data as bars and archive\.bars_5m as bars and prints as trades in database "trading" at localhost, read from database "trading" at replica\.internal/,
  );
});

test('docs/databases.md names every setting, kind, field and ready mapping', () => {
  const names = [
    ...Object.keys(mappingSchema.shape),
    ...mappedKinds,
    ...mappedKinds.flatMap((kind) => fieldsOf(kind).map(({ name }) => name)),
    ...presetList,
  ];
  expect(names.filter((name) => !document.includes(`\`${name}\``) && !document.includes(` ${name}\``))).toEqual([]);
});
