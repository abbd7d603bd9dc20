import type { Score, ScoreCard } from '../../server/index.ts';
import { packageFile } from '../package-files.ts';
import { printable } from '../shell.ts';

const marks = { passed: 'passed ', failed: 'FAILED ', skipped: 'left out' } as const;

/** One scenario's line of a score card. */
export function scoreLine({ scenario, outcome, seen, took }: Score, width: number): string {
  const time = outcome === 'skipped' ? '' : `${(Number(took / 100_000_000n) / 10).toFixed(1)}s`;
  return `${marks[outcome].padEnd(8)}  ${scenario.padEnd(width)}  ${time.padStart(6)}  ${printable(seen)}\n`;
}

/** The last line of a score card. */
export function summary({ scores }: ScoreCard): string {
  const tally = (outcome: Score['outcome']): number => scores.filter((score) => score.outcome === outcome).length;
  const skipped = tally('skipped');
  const played = scores.length - skipped;
  return `${tally('passed')} of ${played} passed${skipped === 0 ? '' : `, ${skipped} left out`}\n`;
}

/** The scenarios with their descriptions. */
export async function listing(names: readonly string[]): Promise<string> {
  const { loadScenario } = await import('../../server/index.ts');
  const width = Math.max(...names.map(({ length }) => length));
  const lines: string[] = [];
  for (const name of names) {
    const { scenario } = await loadScenario(packageFile(`scenarios/certify/${name}.scenario.yaml`));
    lines.push(`${name.padEnd(width)}  ${scenario.description ?? ''}\n`);
  }
  return lines.join('');
}
