import { isoMillis } from '../../market/nanos.ts';
import type { Judged, Verdict } from '../verdict.ts';
import { describeEntry, sinceStart } from './describe-entry.ts';
import { markup, type Markup } from './markup.ts';
import { notice, type RunFacts } from './run-facts.ts';

/**
 * The report for CI: one suite for the run, one case for each expectation. A warning is a case that passed and says so in its output,
 * because JUnit knows no third outcome that every reader takes for what it is. (Jenkins' junit-10.xsd; GitLab and GitHub's reporters read
 * a part of it.)
 */
export function junitReport(verdict: Verdict, facts: RunFacts): string {
  const { scenario, seed, tape, speed, started, ended, version, again } = facts;
  const { findings, counts } = verdict;
  const seconds = (Number((ended - started) / 1_000_000n) / 1_000).toFixed(3);
  const properties = { papertape: version, seed, tape, speed, notice, ...(again === undefined ? {} : { again }) };
  const { text } = markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="papertape" tests="${findings.length}" failures="${counts.failed}" errors="0" time="${seconds}">
  <testsuite name="${scenario}" tests="${findings.length}" failures="${counts.failed}" errors="0" skipped="0" time="${seconds}" timestamp="${isoMillis(started).slice(0, 19)}">
    <properties>${Object.entries(properties).map(
      ([name, value]) => markup`
      <property name="${name}" value="${value}"/>`,
    )}
    </properties>${findings.map((finding) => testCase(finding, facts))}
  </testsuite>
</testsuites>
`;
  return text;
}

function testCase(finding: Judged, facts: RunFacts): Markup {
  const { id, sentence, severity, outcome, expected, seen } = finding;
  const open = markup`
    <testcase name="${`${id}: ${sentence}`}" classname="${facts.scenario}" time="0"`;
  if (outcome === 'met') return markup`${open}/>`;
  const told = `Expected: ${expected}\nSeen: ${seen}\n${linesOf(finding, facts)}`;
  if (severity === 'warn') {
    return markup`${open}>
      <system-out>${`Warning, not a failure.\n${told}`}</system-out>
    </testcase>`;
  }
  return markup`${open}>
      <failure message="${seen}" type="unmet">${told}</failure>
    </testcase>`;
}

function linesOf({ lines }: Judged, { entries, started, again }: RunFacts): string {
  const named = new Set(lines);
  const shown = entries
    .filter(({ number }) => named.has(number))
    .map((entry) => `  #${entry.number} ${sinceStart(entry, started)} ${describeEntry(entry)}\n`);
  const journal = shown.length === 0 ? '' : `Journal:\n${shown.join('')}`;
  return `${journal}${again === undefined ? '' : `Run it again: ${again}\n`}`;
}
