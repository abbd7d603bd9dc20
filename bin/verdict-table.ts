import type { Verdict } from '../server/index.ts';

/** Characters of a sentence that the table shows. */
const widest = 100;

/** The verdict as a short table: one line for each expectation, and what was seen of those that are not met. */
export function verdictTable({ findings, counts }: Verdict): string {
  if (findings.length === 0) return 'The scenario expects nothing of its clients.\n';
  const widthOf = (words: readonly string[]): number => Math.max(...words.map(({ length }) => length));
  const width = widthOf(findings.map(({ id }) => id));
  const rows = findings.map(({ id, outcome, severity, sentence, expected, seen }) => {
    const mark = outcome === 'met' ? 'met    ' : severity === 'warn' ? 'warning' : 'UNMET  ';
    const row = `${mark}  ${id.padEnd(width)}  ${severity.padEnd(5)}  ${cut(sentence)}`;
    return outcome === 'met' ? `${row}\n` : `${row}\n         expected: ${expected}\n         seen: ${seen}\n`;
  });
  const warned = counts.warned === 0 ? '' : `, ${counts.warned} ${counts.warned === 1 ? 'warning' : 'warnings'}`;
  return `${rows.join('')}${counts.met} of ${findings.length} met${warned}\n`;
}

const cut = (text: string): string => (text.length > widest ? `${text.slice(0, widest - 1)}…` : text);

/** A command as a shell would read it. */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
