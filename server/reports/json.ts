import type { Nanos } from '../../market/event.ts';
import { isoMillis } from '../../market/nanos.ts';
import type { Entry } from '../journal-entry.ts';
import type { Account } from '../ledger.ts';
import type { Verdict } from '../verdict.ts';
import { describeEntry } from './describe-entry.ts';
import { notice, type RunFacts } from './run-facts.ts';

/** Version of the report's shape: a field that is added does not change it, one that goes or means something else does. */
export const jsonReportVersion = 1;

/**
 * The report for programs. Times are ISO 8601 to the millisecond; spans are milliseconds; numbers of journal entries are those of the
 * journal, and the entries that findings name are repeated under `journal`.
 */
export function jsonReport(verdict: Verdict, facts: RunFacts): string {
  const { scenario, description, seed, tape, speed, started, ended, version, again, written } = facts;
  const report = {
    report: 'papertape-run',
    version: jsonReportVersion,
    notice,
    papertape: version,
    scenario: { name: scenario, ...(description === undefined ? {} : { description }) },
    run: {
      seed,
      tape,
      speed,
      started: isoMillis(started),
      ended: isoMillis(ended),
      milliseconds: millisOf(ended - started),
      ...(again === undefined ? {} : { again }),
    },
    passed: verdict.passed,
    counts: verdict.counts,
    findings: verdict.findings.map(({ id, sentence, severity, step, outcome, expected, seen, lines }) => {
      return { id, sentence, severity, step: step ?? null, outcome, expected, seen, lines };
    }),
    clients: facts.accounts.map(clientOf),
    ...(facts.beyond === undefined ? {} : { beyond: facts.beyond }),
    journal: {
      written,
      kept: facts.entries.length,
      shown: namedEntries(verdict, facts).map((one) => lineOf(one, started)),
    },
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** The entries that unmet findings name, as far as they are kept. */
export function namedEntries(verdict: Verdict, { entries }: RunFacts): readonly Entry[] {
  const named = new Set(verdict.findings.flatMap(({ lines }) => lines));
  return entries.filter(({ number }) => named.has(number));
}

function clientOf({ exchange, path, client, owed, missed, beyond }: Account) {
  const stretches = missed.map(({ market, symbol, channel, from, to, rows, fetched, why }) => {
    return { market, symbol, channel, from: isoMillis(from), to: isoMillis(to), rows, fetched, why };
  });
  return {
    exchange,
    path,
    client,
    owed,
    missed: missed.reduce((sum, { rows }) => sum + rows, 0),
    fetched: missed.reduce((sum, { fetched }) => sum + fetched, 0),
    stretches,
    ...(beyond === undefined ? {} : { beyond }),
  };
}

const lineOf = (entry: Entry, started: Nanos) => ({
  number: entry.number,
  at: isoMillis(entry.at),
  milliseconds: millisOf(entry.at - started),
  kind: entry.kind,
  text: describeEntry(entry),
});

const millisOf = (span: Nanos): number => Number(span / 1_000n) / 1_000;
