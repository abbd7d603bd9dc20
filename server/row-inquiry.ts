import { z } from 'zod';
import { Sights } from './evidence/aim.ts';
import { keyOfCells, rowsSchema, shapeOf, usualFields } from './evidence/row-key.ts';
import { tallyOf } from './evidence/row-tally.ts';
import type { Finding } from './expectations/expectation.ts';
import type { Ledger } from './ledger.ts';
import { printPath } from './scenario/problem.ts';

const rowOptions = z.strictObject({ ...rowsSchema, symbols: z.array(z.string()).min(1).optional() });

/** How rows are read and compared: as the expectation `posted` says, and of which symbols. */
export type RowQuestion = z.input<typeof rowOptions>;
/** A row that a client kept. Whole numbers may be bigints, and times Dates. */
export type KeptRow = Readonly<Record<string, unknown>>;

/** Compares rows that a client kept with those that all clients together were owed. Throws a RangeError for a question that is none. */
export async function compareRows(
  rows: Iterable<KeptRow>,
  question: RowQuestion,
  { ledger, signal }: { readonly ledger: Ledger; readonly signal: AbortSignal },
): Promise<Finding> {
  const result = rowOptions.safeParse(question);
  if (!result.success) {
    const wrong = result.error.issues.map(({ path, message }) => `${printPath(path)}: ${message}`);
    throw new RangeError(wrong.join('\n'));
  }
  const { channel, where, exactlyOnce, symbols } = result.data;
  const shape = shapeOf(result.data, Object.fromEntries(usualFields(channel).map((field) => [field, field])));
  const tally = await tallyOf(new Sights({ symbols }).narrow(ledger), shape, signal);
  const expected = `${tally.expected} (${channel}), ${exactlyOnce ? 'exactly once' : 'at least once'}`;
  let number = 0;
  try {
    for (const row of rows) {
      number++;
      if (!Object.entries(where).every(([name, value]) => row[name] === value)) continue;
      tally.take(keyOfCells((name) => plain(row[name]), shape));
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { outcome: 'unmet', expected, seen: `row ${number}: ${error.message}`, lines: [] };
  }
  return { expected, ...tally.difference(exactlyOnce), lines: [] };
}

const plain = (cell: unknown): unknown =>
  typeof cell === 'bigint' ? String(cell) : cell instanceof Date ? cell.toISOString() : cell;
