import type { Judged, Verdict } from '../verdict.ts';
import { allBeyond } from './beyond.ts';
import { describeEntry, sinceStart } from './describe-entry.ts';
import { markup, type Markup } from './markup.ts';
import { notice, type RunFacts } from './run-facts.ts';
import { junitSuite } from './suite.ts';

/**
 * The report for CI: one suite for the run, one case for each expectation. A warning is a case that passed and says so in its output,
 * because JUnit knows no third outcome that every reader takes for what it is. What could not be remembered is a property.
 */
export function junitReport({ findings, counts }: Verdict, facts: RunFacts): string {
  const { scenario, seed, tape, speed, started, ended, version, again } = facts;
  const beyond = allBeyond(facts).join('; ');
  const properties = {
    ...{ papertape: version, seed, tape, speed, notice },
    ...(again === undefined ? {} : { again }),
    ...(beyond === '' ? {} : { beyond }),
  };
  const cases = findings.map((finding) => testCase(finding, facts));
  const suite = { report: 'papertape', name: scenario, failures: counts.failed, skipped: 0, started, ended };
  return junitSuite({ ...suite, properties, cases });
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
