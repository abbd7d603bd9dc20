import type { Ledger } from '../ledger.ts';
import { keyOfRow, tellKey, type RowShape } from './row-key.ts';
import { count } from './spell.ts';

/** Rows that are compared at most: their keys are held in memory. */
const mostRows = 5_000_000;

/** How the rows that a client kept differ from those it was owed. */
export interface Difference {
  readonly outcome: 'met' | 'unmet' | 'open';
  readonly seen: string;
}

/** Compares rows that a client kept with those it was owed, in whatever order they come. */
export class RowTally {
  readonly #shape: RowShape;
  /** Rows still to come, by key; below zero: how often one came too often. */
  readonly #due: Map<string, number>;
  readonly #owed: number;
  #kept = 0;
  #strange = 0;
  #firstStrange = '';

  constructor(shape: RowShape, due: Map<string, number>) {
    this.#shape = shape;
    this.#due = due;
    this.#owed = [...due.values()].reduce((sum, times) => sum + times, 0);
  }

  /** A row that the client kept. */
  take(key: string): void {
    this.#kept++;
    const due = this.#due.get(key);
    if (due !== undefined) return void this.#due.set(key, due - 1);
    this.#strange++;
    if (this.#strange === 1) this.#firstStrange = key;
  }

  /** What the ledger owes, for the sentence of what is expected. */
  get expected(): string {
    return `${count(this.#owed, 'row')} of the ledger`;
  }

  difference(exactlyOnce: boolean): Difference {
    if (this.#owed === 0 && this.#kept === 0) return { outcome: 'open', seen: 'the client was owed no such row' };
    const lacking = this.#where((due) => due > 0);
    const doubled = exactlyOnce ? this.#where((due) => due < 0) : { rows: 0, first: '' };
    const faults = [
      ...(lacking.rows > 0 ? [`${count(lacking.rows, 'row')} missing, first ${lacking.first}`] : []),
      ...(doubled.rows > 0 ? [`${count(doubled.rows, 'row')} too many of those owed, first ${doubled.first}`] : []),
      ...(this.#strange > 0
        ? [`${count(this.#strange, 'row')} that nobody was owed, first ${tellKey(this.#firstStrange, this.#shape)}`]
        : []),
    ];
    if (faults.length === 0) return { outcome: 'met', seen: count(this.#kept, 'row') };
    return { outcome: 'unmet', seen: `${count(this.#kept, 'row')} there: ${faults.join('; ')}` };
  }

  #where(is: (due: number) => boolean): { readonly rows: number; readonly first: string } {
    let rows = 0;
    let first: string | undefined;
    for (const [key, due] of this.#due) {
      if (!is(due)) continue;
      rows += Math.abs(due);
      first ??= tellKey(key, this.#shape);
    }
    return { rows, first: first ?? '' };
  }
}

/** What all clients together were owed, each row as often as the client that was owed it most often. Reads the tape. */
export async function tallyOf(ledger: Ledger, shape: RowShape, signal: AbortSignal): Promise<RowTally> {
  const due = new Map<string, number>();
  for (const account of await ledger.accounts(signal)) {
    const its = new Map<string, number>();
    for await (const row of account.rows(signal)) {
      if (row.event.kind !== shape.channel) continue;
      const key = keyOfRow(row, shape);
      const times = (its.get(key) ?? 0) + 1;
      its.set(key, times);
      if (times > (due.get(key) ?? 0)) due.set(key, times);
      if (due.size > mostRows) {
        throw new RangeError(`more than ${mostRows} rows cannot be compared; narrow the target to fewer symbols`);
      }
    }
  }
  return new RowTally(shape, due);
}
