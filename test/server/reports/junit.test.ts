import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { junitReport } from '../../../server/reports/index.ts';
import { empty, hostile, stormyRun } from '../../helpers/report-facts.ts';
import { readXml, type XmlElement } from '../../helpers/xml.ts';

/** Attributes an element must have, those it may, and its children, as Jenkins' junit-10.xsd says; others read a part of it. */
const rules: Readonly<Record<string, { must: readonly string[]; may: readonly string[]; holds: readonly string[] }>> = {
  testsuites: { must: [], may: ['name', 'time', 'tests', 'failures', 'errors'], holds: ['testsuite'] },
  testsuite: {
    must: ['name', 'tests', 'failures', 'errors'],
    may: ['time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url', 'group'],
    holds: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
  },
  properties: { must: [], may: [], holds: ['property'] },
  property: { must: ['name', 'value'], may: [], holds: [] },
  testcase: {
    must: ['name'],
    may: ['time', 'classname', 'group'],
    holds: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  failure: { must: [], may: ['type', 'message'], holds: [] },
  'system-out': { must: [], may: [], holds: [] },
};
const time = /^\d+(?:\.\d+)?$/;

function offencesIn({ name, attributes, children }: XmlElement): string[] {
  const rule = rules[name];
  if (rule === undefined) return [`<${name}> is unknown`];
  const given = Object.keys(attributes);
  return [
    ...rule.must.filter((one) => !given.includes(one)).map((one) => `<${name}> lacks ${one}`),
    ...given.filter((one) => ![...rule.must, ...rule.may].includes(one)).map((one) => `<${name}> may not have ${one}`),
    ...children.filter((one) => !rule.holds.includes(one.name)).map((one) => `<${name}> may not hold <${one.name}>`),
    ...(attributes['time'] === undefined || time.test(attributes['time']) ? [] : [`time ${attributes['time']}`]),
    ...children.flatMap(offencesIn),
  ];
}
const all = (element: XmlElement, name: string): XmlElement[] => [
  ...(element.name === name ? [element] : []),
  ...element.children.flatMap((child) => all(child, name)),
];

test('CI reads one case for each expectation, and a failure where one of severity error is unmet', async () => {
  const [verdict, facts] = await stormyRun();
  const report = readXml(junitReport(verdict, facts));
  expect(offencesIn(report)).toEqual([]);
  const cases = all(report, 'testcase');
  const failed = cases.filter((one) => one.children.some(({ name }) => name === 'failure'));
  expect(cases.map(({ attributes }) => attributes['name']?.split(':')[0])).toEqual(
    verdict.findings.map(({ id }) => id),
  );
  expect(failed.map(({ attributes }) => attributes['name']?.split(':')[0])).toEqual(['same', 'patient', 'whole']);
  for (const suite of [report, ...all(report, 'testsuite')]) {
    expect(suite.attributes).toMatchObject({
      tests: String(cases.length),
      failures: String(failed.length),
      errors: '0',
      time: '120.000',
    });
  }
  expect(failed[1]?.children[0]).toMatchObject({
    attributes: { message: 'key-3f9a1c07 on alpaca/v2/iex connected again after 1.05s, told to wait 3s' },
    text: expect.stringContaining('1:00.300 connection 3 asked to be let in: 429, come back in 3s'),
  });
  const [warning] = all(report, 'system-out');
  expect(warning?.text).toContain('Warning, not a failure.\nExpected: closes, connects anew');
});

test('whatever a client said, the XML is well-formed, and an empty run has an empty suite', async () => {
  const report = readXml(junitReport(...hostile(await stormyRun())));
  expect(offencesIn(report)).toEqual([]);
  expect(all(report, 'testsuite')[0]?.attributes['name']).toContain('</style></title><script>alert(1)</script>');
  expect(offencesIn(readXml(junitReport(...empty)))).toEqual([]);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const [verdict, facts] = empty;
      readXml(junitReport(verdict, { ...facts, scenario: text, tape: text }));
    }),
    { numRuns: 100 },
  );
});
