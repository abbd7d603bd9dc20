import type { Nanos } from '../../market/event.ts';
import { isoMillis } from '../../market/nanos.ts';
import type { Judged } from '../verdict.ts';
import { count, spell } from '../evidence/spell.ts';
import { markup, type Markup } from './markup.ts';
import { fact, htmlPage, type Page, readable } from './page.ts';
import { notice } from './run-facts.ts';
import { junitSuite, secondsOf } from './suite.ts';

/** How a client did in one scenario of a suite. */
export interface Score {
  readonly scenario: string;
  readonly description: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** What was seen of it, in a sentence; why it was left out, when it was. */
  readonly seen: string;
  /** Wall time. */
  readonly took: Nanos;
  readonly findings: readonly Judged[];
  /** The last lines that the client wrote. */
  readonly output: readonly string[];
}

/** How a client did in a suite. */
export interface ScoreCard {
  readonly vendor: string;
  /** The client, as a shell would read it. */
  readonly command: string;
  /** Version of Papertape. */
  readonly version: string;
  /** Wall time. */
  readonly started: Nanos;
  readonly ended: Nanos;
  readonly scores: readonly Score[];
}

const tally = (scores: readonly Score[], outcome: Score['outcome']): number =>
  scores.filter((score) => score.outcome === outcome).length;

/** A score card for CI: one suite, one case for each scenario. */
export function junitScoreCard({ vendor, command, version, started, ended, scores }: ScoreCard): string {
  return junitSuite({
    report: 'papertape certify',
    name: `certify ${vendor}`,
    failures: tally(scores, 'failed'),
    skipped: tally(scores, 'skipped'),
    started,
    ended,
    properties: { papertape: version, vendor, command, notice },
    cases: scores.map((score) => testCase(vendor, score)),
  });
}

function testCase(vendor: string, { scenario, outcome, seen, took, findings, output }: Score): Markup {
  const open = markup`
    <testcase name="${scenario}" classname="${`certify.${vendor}`}" time="${secondsOf(took)}"`;
  if (outcome === 'passed') return markup`${open}/>`;
  if (outcome === 'skipped') return markup`${open}><skipped message="${seen}"/></testcase>`;
  const wrong = findings.filter((one) => one.outcome === 'unmet' && one.severity === 'error');
  const lines = wrong.map((one) => `${one.id}: ${one.sentence}\nExpected: ${one.expected}\nSeen: ${one.seen}\n`);
  const last = output.length === 0 ? '' : `The client's last lines:\n${output.join('\n')}\n`;
  return markup`${open}>
      <failure message="${seen}" type="unmet">${lines.join('')}${last}</failure>
    </testcase>`;
}

/** A score card for programs. Spans are milliseconds. */
export function jsonScoreCard({ vendor, command, version, started, ended, scores }: ScoreCard): string {
  const report = {
    report: 'papertape-certify',
    version: 1,
    notice,
    papertape: version,
    vendor,
    command,
    started: isoMillis(started),
    ended: isoMillis(ended),
    passed: tally(scores, 'failed') === 0,
    counts: { passed: tally(scores, 'passed'), failed: tally(scores, 'failed'), skipped: tally(scores, 'skipped') },
    scores: scores.map(({ took, findings, ...score }) => ({
      ...score,
      milliseconds: Number(took / 1_000n) / 1_000,
      findings: findings.map(({ id, sentence, severity, outcome, expected, seen }) => {
        return { id, sentence, severity, outcome, expected, seen };
      }),
    })),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** A score card for people: one file that needs nothing else. */
export function htmlScoreCard({ vendor, command, version, started, ended, scores }: ScoreCard): string {
  const [passed, failed, skipped] = [tally(scores, 'passed'), tally(scores, 'failed'), tally(scores, 'skipped')];
  const [outcome, tone]: [string, Page['tone']] = failed === 0 ? ['passed', 'pass'] : ['failed', 'fail'];
  const left = skipped === 0 ? '' : `, ${skipped} left out`;
  const body = markup`<dl class="facts">
${fact('Scenarios passed', `${passed} of ${passed + failed}${left}`)}
${fact('Started', readable(started))}
${fact('Took', spell(ended - started))}
${fact('Client', markup`<code>${command}</code>`, 'wide')}
</dl>
<h2>${count(scores.length, 'scenario')}</h2>
${scores.map(scoreSection)}`;
  return htmlPage({ title: `certify ${vendor}`, outcome, tone, version, body });
}

function scoreSection({ scenario, description, outcome, seen, output }: Score): Markup {
  const [tone, kind] = { passed: ['pass', 'met'], failed: ['fail', 'fails'], skipped: ['warned', 'warns'] }[outcome];
  const last =
    outcome !== 'failed' || output.length === 0
      ? ''
      : markup`<ol class="lines">${output.map((line) => markup`<li><span></span><span></span><em>${line}</em></li>`)}</ol>`;
  return markup`<section class="finding ${kind ?? ''}"><h3><span class="tag ${tone ?? ''}">${outcome}</span><code>${scenario}</code><span>${description}</span></h3>
<dl class="says"><dt>Seen</dt><dd>${seen}</dd></dl>${last}</section>
`;
}
