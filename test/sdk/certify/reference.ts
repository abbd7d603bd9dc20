import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import { z } from 'zod';
import type { Vendor } from '../../../bin/certify/suite.ts';

/** What is certified: the vendors' own SDKs for JavaScript in programs that use them as their documentation says, and a client that copes. */
export const columns = [
  { vendor: 'alpaca', program: 'alpaca', sdk: '@alpacahq/alpaca-trade-api' },
  { vendor: 'polygon', program: 'polygon', sdk: '@massive.com/client-js' },
  { vendor: 'twelvedata', program: 'twelvedata', sdk: '@twelvedata/twelvedata-node' },
  { vendor: 'alpaca', program: 'resilient', sdk: undefined },
] as const satisfies readonly {
  readonly vendor: Vendor;
  readonly program: string;
  readonly sdk: string | undefined;
}[];
type Column = (typeof columns)[number];

export const fileOf = ({ program }: Pick<Column, 'program'>): string => `test/sdk/certify/${program}.mjs`;
/** As the table's head has it; a client of our own has no version. */
export const headOf = (column: Column): string =>
  column.sdk === undefined
    ? `[a client that copes](../${fileOf(column)}), of Alpaca's stream`
    : `\`${column.sdk}\` ${versionOf(column.sdk)}`;

/** Where the table stands, and between which lines. */
export const document = 'docs/certify.md';
const begin = '<!-- made by npm run certify:sdks -->';
const end = '<!-- end of what it made -->';

const outcomes = ['passed', 'failed', 'skipped'] as const;
export const cardSchema = z.looseObject({
  started: z.string(),
  scores: z.array(z.looseObject({ scenario: z.string(), outcome: z.enum(outcomes), seen: z.string() })),
});
type Card = z.output<typeof cardSchema>;
export type Outcome = (typeof outcomes)[number];

export const marks: Readonly<Record<Outcome, string>> = { passed: '✓', failed: '✗', skipped: '–' };

/** The outcome of each scenario with each SDK, as the document has it. */
export function tableOf(text: string): ReadonlyMap<string, readonly Outcome[]> {
  const rows = [...text.matchAll(/^\| `([\w-]+)` +\|(.+)\|$/gm)];
  return new Map(
    rows.map(([, name = '', cells = '']) => [
      name,
      cells.split('|').map((cell) => {
        const found = outcomes.find((one) => cell.trim().startsWith(marks[one]));
        if (found === undefined) throw new Error(`${name}: ${cell.trim()} tells no outcome`);
        return found;
      }),
    ]),
  );
}

/** The version of an SDK that is installed. */
export function versionOf(name: string): string {
  const { version } = z
    .looseObject({ version: z.string() })
    .parse(JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')));
  return version;
}

/** Runs the whole suite with every SDK, and writes what was seen into the document. */
export async function writeReference(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-reference-'));
  try {
    const cards = columns.map((column) => certified(column, join(folder, `${column.program}.json`)));
    const text = readFileSync(document, 'utf8');
    const [before, rest = ''] = text.split(begin);
    const [, after = ''] = rest.split(end);
    const table = `${begin}\n\n${tellTable(cards)}\n\n${end}`;
    writeFileSync(document, await format(`${before}${table}${after}`, { parser: 'markdown', printWidth: 120 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function certified(column: Column, file: string): Card {
  const options = ['--vendor', column.vendor, '--json', file, '--jobs', '10'];
  const words = ['bin/papertape.ts', 'certify', ...options, '--', 'node', fileOf(column)];
  try {
    execFileSync(process.execPath, ['--import', 'tsx', ...words], { stdio: 'inherit' });
  } catch (error) {
    // It ends with 1 when a scenario is not passed, which is what the table is for.
    if (!(error instanceof Error) || !('status' in error) || error.status !== 1) throw error;
  }
  return cardSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

function tellTable(cards: readonly Card[]): string {
  const names = cards[0]?.scores.map(({ scenario }) => scenario) ?? [];
  const cell = (card: Card, name: string): string => {
    const score = card.scores.find(({ scenario }) => scenario === name);
    return score === undefined ? '' : `${marks[score.outcome]} ${brief(score.seen)}`;
  };
  const passed = (card: Card): string => {
    const tally = (outcome: Outcome): number => card.scores.filter((score) => score.outcome === outcome).length;
    return `${tally('passed')} of ${card.scores.length - tally('skipped')}`;
  };
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `Seen on ${cards[0]?.started.slice(0, 10) ?? ''} with Node ${process.version}.`,
    '',
    row(['scenario', ...columns.map(headOf)]),
    row(['---', ...columns.map(() => '---')]),
    ...names.map((name) => row([`\`${name}\``, ...cards.map((card) => cell(card, name))])),
    row(['passed', ...cards.map(passed)]),
  ].join('\n');
}

/** Without the id of the expectation, and without who it was: there is but one. */
const brief = (seen: string): string =>
  seen
    .replace(/^[\w-]+: /, '')
    .replaceAll(/key-\S+ (?:on \S+ )?/g, '')
    .replaceAll('|', '\\|');

if (process.argv[1]?.endsWith('reference.ts') === true) await writeReference();
