import { expect, test } from 'vitest';
import { htmlReport, jsonReport, junitReport } from '../../../server/reports/index.ts';
import type { RunFacts } from '../../../server/reports/index.ts';
import { stormyRun } from '../../helpers/report-facts.ts';

const sentences = [
  'key-3f9a1c07 on alpaca/v2/iex: nothing is told of the first 102 events that were played',
  'key-3f9a1c07 on alpaca/v2/iex: 1 row that went wrong had no room and counts as sent',
  'key-3f9a1c07 on alpaca/v2/iex: 2 stretches told over HTTP do not count as fetched',
  'key-b81e44d2 on alpaca/v2/iex: 1 stretch told over HTTP does not count as fetched',
  'more than 10000 clients were away at once',
];

test('what could not be remembered, of a client or of the run, is in every report', async () => {
  const [verdict, facts] = await stormyRun();
  const beyond = [
    { events: 102, losses: 1, answers: 2 },
    { events: 0, losses: 0, answers: 1 },
  ] as const;
  const accounts = facts.accounts.map((account, index) => ({ ...account, beyond: beyond[index] ?? beyond[1] }));
  const bounded: RunFacts = { ...facts, accounts, beyond: sentences.slice(-1) };
  expect(JSON.parse(jsonReport(verdict, bounded))).toMatchObject({
    clients: beyond.map((one) => ({ beyond: one })),
    beyond: sentences.slice(-1),
  });
  const page = htmlReport(verdict, bounded);
  expect(page).toContain('<h2>Not remembered</h2>');
  for (const sentence of sentences) expect(page).toContain(`<li>${sentence}</li>`);
  expect(junitReport(verdict, bounded)).toContain(`<property name="beyond" value="${sentences.join('; ')}"/>`);
});

test('a run of which everything was remembered says nothing of it', async () => {
  const run = await stormyRun();
  for (const report of [jsonReport, htmlReport, junitReport])
    expect(report(...run)).not.toMatch(/beyond"|Not remembered/);
});
