import type { DriftReport } from '../server/index.ts';

/** Findings of one type that a table shows; JSON has them all. */
const mostShown = 5;

/** How a vendor's messages differ from Papertape's, for a terminal. */
export function driftTable({ types, findings }: DriftReport): string {
  if (types.length === 0) return '';
  const rows = types.map(({ exchange, path, type, messages, findings: own }) => [
    exchange,
    path,
    type === '' ? '(none)' : type,
    messages.toLocaleString('en-US'),
    own.length === 0 ? 'as Papertape sends it' : `${own.length} finding(s)`,
  ]);
  const table = aligned([['exchange', 'path', 'type', 'messages', 'shape'], ...rows]);
  const told = types.flatMap(({ path, type, findings: own }) => [
    ...own.slice(0, mostShown).map((finding) => `  ${path} ${type}: ${sentence(finding)}`),
    ...(own.length > mostShown ? [`  ${path} ${type}: and ${own.length - mostShown} more`] : []),
  ]);
  const below = findings === 0 ? '' : `\n${told.join('\n')}\n`;
  return `\n${table}\n${below}`;
}

type Finding = DriftReport['types'][number]['findings'][number];

function sentence({ kind, field, live, ours, messages }: Finding): string {
  const times = `(${messages.toLocaleString('en-US')} message${messages === 1 ? '' : 's'})`;
  switch (kind) {
    case 'new-field':
      return `${field} is new: ${live} ${times}`;
    case 'missing-field':
      return `${field} is missing; Papertape sends ${ours} ${times}`;
    case 'type':
      return `${field} is ${live}, and Papertape's ${ours} ${times}`;
    case 'value':
      return `${field} says ${live}, and Papertape ${ours} ${times}`;
    case 'unreadable':
      return `cannot be read: ${live} ${times}`;
    case 'unknown-type':
      return `a message unknown here: ${live} ${times}`;
  }
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
