import type { Nanos } from '../../market/event.ts';
import { isoMillis } from '../../market/nanos.ts';
import type { Judged } from '../verdict.ts';
import { count, spell } from '../evidence/spell.ts';
import { markup, Markup } from './markup.ts';
import { fake, fakeBecause, notice } from './run-facts.ts';
import { style } from './style.ts';

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
const secondsOf = (span: Nanos): string => (Number(span / 1_000_000n) / 1_000).toFixed(3);

/** A score card for CI: one suite, one case for each scenario. */
export function junitScoreCard({ vendor, command, version, started, ended, scores }: ScoreCard): string {
  const [failed, skipped] = [tally(scores, 'failed'), tally(scores, 'skipped')];
  const time = secondsOf(ended - started);
  const properties = { papertape: version, vendor, command, notice };
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="papertape certify" tests="${scores.length}" failures="${failed}" errors="0" time="${time}">
  <testsuite name="${`certify ${vendor}`}" tests="${scores.length}" failures="${failed}" errors="0" skipped="${skipped}" time="${time}" timestamp="${isoMillis(started).slice(0, 19)}">
    <properties>${Object.entries(properties).map(
      ([name, value]) => markup`
      <property name="${name}" value="${value}"/>`,
    )}
    </properties>${scores.map((score) => testCase(vendor, score))}
  </testsuite>
</testsuites>
`.text;
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
  const [outcome, tone] = failed === 0 ? ['passed', 'pass'] : ['failed', 'fail'];
  const left = skipped === 0 ? '' : `, ${skipped} left out`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${outcome}: certify ${vendor} – fake market data</title>
<style>${new Markup(style)}</style>
</head>
<body>
<div class="fake" role="note">${fake.toUpperCase()}<small>${fakeBecause}</small></div>
<main>
<header><h1>certify ${vendor}</h1><strong class="verdict ${tone}">${outcome.toUpperCase()}</strong></header>
<dl class="facts">
<div><dt>Scenarios passed</dt><dd>${`${passed} of ${passed + failed}${left}`}</dd></div>
<div><dt>Started</dt><dd>${isoMillis(started).slice(0, 19).replace('T', ' ')} UTC</dd></div>
<div><dt>Took</dt><dd>${spell(ended - started)}</dd></div>
<div class="wide"><dt>Client</dt><dd><code>${command}</code></dd></div>
</dl>
<h2>${count(scores.length, 'scenario')}</h2>
${scores.map(scoreSection)}
<div class="tape"></div>
<footer>Papertape ${version} · ${notice}</footer>
</main>
</body>
</html>
`.text;
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
