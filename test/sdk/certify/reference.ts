import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import { z } from 'zod';
import type { Vendor } from '../../../bin/certify/suite.ts';

/** The vendors' own SDKs for JavaScript, and the programs that use them as their documentation says. */
export const sdks = [
  { vendor: 'alpaca', package: '@alpacahq/alpaca-trade-api' },
  { vendor: 'polygon', package: '@massive.com/client-js' },
  { vendor: 'twelvedata', package: '@twelvedata/twelvedata-node' },
] as const satisfies readonly { readonly vendor: Vendor; readonly package: string }[];
export const programOf = (vendor: Vendor): string => `test/sdk/certify/${vendor}.mjs`;

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
    const cards = sdks.map(({ vendor }) => certified(vendor, join(folder, `${vendor}.json`)));
    const text = readFileSync(document, 'utf8');
    const [before, rest = ''] = text.split(begin);
    const [, after = ''] = rest.split(end);
    const table = `${begin}\n\n${tellTable(cards)}\n\n${end}`;
    writeFileSync(document, await format(`${before}${table}${after}`, { parser: 'markdown', printWidth: 120 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function certified(vendor: Vendor, file: string): Card {
  const words = ['bin/papertape.ts', 'certify', '--vendor', vendor, '--json', file, '--', 'node', programOf(vendor)];
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
    row(['scenario', ...sdks.map((sdk) => `\`${sdk.package}\` ${versionOf(sdk.package)}`)]),
    row(['---', ...sdks.map(() => '---')]),
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
