import type { Nanos } from '../../market/event.ts';
import { isoMillis } from '../../market/nanos.ts';
import { markup, type Markup } from './markup.ts';

/** A report for CI. Spans are wall time. */
export interface Suite {
  /** Name of the report, and of the one suite in it. */
  readonly report: string;
  readonly name: string;
  readonly failures: number;
  readonly skipped: number;
  readonly started: Nanos;
  readonly ended: Nanos;
  readonly properties: Readonly<Record<string, string | number>>;
  readonly cases: readonly Markup[];
}

/** One suite with its cases as JUnit XML (Jenkins' junit-10.xsd; GitLab and GitHub's reporters read a part of it). */
export function junitSuite({ report, name, failures, skipped, started, ended, properties, cases }: Suite): string {
  const time = secondsOf(ended - started);
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${report}" tests="${cases.length}" failures="${failures}" errors="0" time="${time}">
  <testsuite name="${name}" tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}" time="${time}" timestamp="${isoMillis(started).slice(0, 19)}">
    <properties>${Object.entries(properties).map(
      ([key, value]) => markup`
      <property name="${key}" value="${value}"/>`,
    )}
    </properties>${cases}
  </testsuite>
</testsuites>
`.text;
}

/** A span as JUnit wants it: seconds, to the millisecond. */
export const secondsOf = (span: Nanos): string => (Number(span / 1_000_000n) / 1_000).toFixed(3);
