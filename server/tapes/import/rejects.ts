import { appendFile } from 'node:fs/promises';
import type { BadRow } from './format.ts';

/** Characters of a rejected row that the report keeps. */
const shownRow = 500;
/** Different reasons counted apart; a file that is broken in more ways has its other ones counted together. */
const countedReasons = 100;
const otherReasons = 'other reasons';

/** A row that was left out: where it stands, what is wrong with it, and the row itself, cut when it is long. */
export interface Reject {
  readonly file: string;
  /** From 1; of a Parquet file the number of the row, which has no lines. */
  readonly line: number;
  /** Where in a JSON document the row stands: `bars.AAPL[3]`. */
  readonly place?: string | undefined;
  readonly reason: string;
  /** What was found. */
  readonly value: string;
  readonly row: string;
}

/** Counts the rejected rows of one input by their reason, and reports each as a line of JSON in a file. */
export class Rejects {
  readonly #file: string;
  readonly #report: string;
  readonly #told: (reject: Reject) => void;
  readonly #reasons = new Map<string, number>();
  #lines: string[] = [];
  count = 0;

  constructor(file: string, report: string, told: (reject: Reject) => void) {
    this.#file = file;
    this.#report = report;
    this.#told = told;
  }

  get reasons(): ReadonlyMap<string, number> {
    return this.#reasons;
  }

  add(bad: BadRow, line: number, row: string, place?: string): void {
    const { reason, value } = bad;
    const reject: Reject = {
      file: this.#file,
      line,
      ...(place === undefined ? {} : { place }),
      reason,
      value: value.slice(0, shownRow),
      row: row.slice(0, shownRow),
    };
    this.count++;
    const key = this.#reasons.has(reason) || this.#reasons.size < countedReasons ? reason : otherReasons;
    this.#reasons.set(key, (this.#reasons.get(key) ?? 0) + 1);
    this.#lines.push(`${JSON.stringify(reject)}\n`);
    this.#told(reject);
  }

  /** Writes what was added since to the report. */
  async flush(): Promise<void> {
    if (this.#lines.length === 0) return;
    const text = this.#lines.join('');
    this.#lines = [];
    await appendFile(this.#report, text);
  }
}
