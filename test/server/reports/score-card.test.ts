import { expect, test } from 'vitest';
import { seconds } from '../../../market/nanos.ts';
import {
  htmlScoreCard,
  jsonScoreCard,
  junitScoreCard,
  type Score,
  type ScoreCard,
} from '../../../server/reports/score-card.ts';
import { readXml } from '../../helpers/xml.ts';

const unmet = {
  id: 'back',
  sentence: 'a client whose connection ends is logged in again within 5s',
  severity: 'error',
  step: 'closed',
  outcome: 'unmet',
  expected: 'logged in again within 5s',
  seen: 'A is <not> back',
  lines: [3],
} as const;
const score = (changes: Partial<Score>): Score => ({
  scenario: 'close-1000',
  description: 'The server closes & goes.',
  outcome: 'passed',
  seen: '1 return, the slowest after 1.2s',
  took: seconds(15) + 250_000_000n,
  findings: [],
  output: [],
  ...changes,
});
const card: ScoreCard = {
  vendor: 'alpaca',
  command: "node 'my bot.js' <x>",
  version: '0.1.0',
  started: 1_782_912_600_000_000_000n,
  ended: 1_782_912_600_000_000_000n + seconds(40),
  scores: [
    score({}),
    score({
      scenario: 'tcp-reset',
      outcome: 'failed',
      seen: 'back: A is <not> back',
      findings: [unmet],
      output: ['\u001B[31mred</failure>', 'last ]]> line'],
    }),
    score({ scenario: 'no-greeting', outcome: 'skipped', seen: 'it does not greet', took: 0n }),
  ],
};

test('CI reads a case for each scenario, whatever a client wrote', () => {
  const suites = readXml(junitScoreCard(card));
  expect(suites.attributes).toMatchObject({ tests: '3', failures: '1', time: '40.000' });
  const [suite] = suites.children;
  expect(suite?.attributes).toMatchObject({ name: 'certify alpaca', skipped: '1', failures: '1' });
  const [, passed, failed, skipped] = suite?.children ?? [];
  expect(passed).toMatchObject({ attributes: { name: 'close-1000', time: '15.250' }, children: [] });
  expect(skipped?.children[0]).toMatchObject({ name: 'skipped', attributes: { message: 'it does not greet' } });
  const [failure] = failed?.children ?? [];
  expect(failure?.attributes).toMatchObject({ message: 'back: A is <not> back' });
  expect(failure?.text).toContain(`back: ${unmet.sentence}\nExpected: ${unmet.expected}\nSeen: A is <not> back\n`);
  expect(failure?.text).toContain("The client's last lines:\n\u{FFFD}[31mred</failure>\nlast ]]> line\n");
});

test('programs read what was seen of each scenario', () => {
  expect(JSON.parse(jsonScoreCard(card))).toMatchObject({
    report: 'papertape-certify',
    version: 1,
    vendor: 'alpaca',
    command: card.command,
    passed: false,
    counts: { passed: 1, failed: 1, skipped: 1 },
    scores: [
      { scenario: 'close-1000', outcome: 'passed', milliseconds: 15_250 },
      {
        scenario: 'tcp-reset',
        outcome: 'failed',
        findings: [{ id: 'back', outcome: 'unmet', seen: 'A is <not> back' }],
      },
      { scenario: 'no-greeting', outcome: 'skipped', milliseconds: 0 },
    ],
  });
});

test('people read a page that fetches nothing and takes nothing of a client for markup', () => {
  const page = htmlScoreCard(card);
  expect(page).toContain('<strong class="verdict fail">FAILED</strong>');
  expect(page).toContain('<dd>1 of 2, 1 left out</dd>');
  expect(page).toContain('The server closes &amp; goes.');
  expect(page).toContain('red&lt;/failure&gt;');
  expect(page).toContain('FAKE MARKET DATA');
  expect(page).not.toMatch(/<script|<link|<img|\shref=|@import|url\((?!#)/);
});

test('a card without a failure says so', () => {
  const good = { ...card, scores: card.scores.filter(({ outcome }) => outcome !== 'failed') };
  expect(htmlScoreCard(good)).toContain('<strong class="verdict pass">PASSED</strong>');
  expect(JSON.parse(jsonScoreCard(good))).toMatchObject({ passed: true });
});
