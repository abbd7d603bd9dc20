import { open, readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import { channels } from '../../market/event.ts';
import { codeOf, reason } from '../../migrations/session.ts';
import type { Ask } from '../feeds/feed.ts';
import type { Gap } from './coverage.ts';

/** What is missing: gaps whose end nobody knows yet, and what history is to be asked for. */
export interface Missing {
  readonly open: readonly Omit<Gap, 'to'>[];
  readonly asked: readonly Ask[];
}

/** What became of the gaps that are kept for the next start. */
export type KeptReport =
  | { readonly kind: 'gaps-found'; readonly file: string; readonly open: number; readonly asked: number }
  /** The file cannot be read, or cannot be written: what is missing when the process ends may stay missing. */
  | { readonly kind: 'gaps-not-kept'; readonly file: string; readonly why: string };

/** Gaps of either sort that are kept at most, those first that began first. */
const most = 20_000;

const nanos = z
  .string()
  .regex(/^-?\d{1,19}$/)
  .transform(BigInt);
const channel = z.enum(channels);
const kept = z.object({
  version: z.literal(1),
  dataSource: z.string(),
  open: z.array(z.object({ channel, symbol: z.string(), from: nanos })),
  asked: z.array(z.object({ channel, symbols: z.array(z.string()).min(1), from: nanos, to: nanos })),
});
const nothing: Missing = { open: [], asked: [] };

/** The file in which a feed keeps what it misses, so that neither a restart nor a kill makes it forget. One feed each. */
export class KeptGaps implements AsyncDisposable {
  /** What the process before this one left. */
  readonly found: Missing;
  readonly #file: string;
  readonly #dataSource: string;
  readonly #report: (report: KeptReport) => void;
  #next: Missing | undefined;
  #writing: Promise<void> | undefined;
  #written = '';

  /** Reads what an earlier process left in the file, if there is one, of this data source. */
  static async open(file: string, dataSource: string, report: (report: KeptReport) => void): Promise<KeptGaps> {
    let found = nothing;
    try {
      const left = kept.parse(JSON.parse(await readFile(file, 'utf8')));
      if (left.dataSource === dataSource) found = left;
      const { length } = found.asked;
      if (length + found.open.length > 0) report({ kind: 'gaps-found', file, open: found.open.length, asked: length });
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') report({ kind: 'gaps-not-kept', file, why: reason(error) });
    }
    return new KeptGaps(file, dataSource, found, report);
  }

  constructor(file: string, dataSource: string, found: Missing, report: (report: KeptReport) => void) {
    this.#file = file;
    this.#dataSource = dataSource;
    this.found = found;
    this.#report = report;
  }

  /** Has this written instead of what was there; of several in a row, the last. */
  keep(missing: Missing): void {
    this.#next = missing;
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
  }

  /** Resolves when the last is written. */
  async [Symbol.asyncDispose](): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async #writeAll(): Promise<void> {
    for (;;) {
      const missing = this.#next;
      this.#next = undefined;
      if (missing === undefined) return;
      try {
        await this.#write(missing);
      } catch (error) {
        this.#report({ kind: 'gaps-not-kept', file: this.#file, why: reason(error) });
      }
    }
  }

  /** Beside the file and then in its place: whoever is killed leaves the old one or the new one, whole. */
  async #write(missing: Missing): Promise<void> {
    const text = this.#textOf(missing);
    if (text === this.#written) return;
    const beside = `${this.#file}.new`;
    const handle = await open(beside, 'w', 0o600);
    try {
      await handle.writeFile(text);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(beside, this.#file);
    this.#written = text;
  }

  #textOf({ open: unended, asked }: Missing): string {
    const gaps = { open: earliest(unended), asked: earliest(asked) };
    const plain = (_: string, part: unknown): unknown => (typeof part === 'bigint' ? String(part) : part);
    return `${JSON.stringify({ version: 1, dataSource: this.#dataSource, ...gaps }, plain)}\n`;
  }
}

function earliest<Item extends { readonly from: bigint }>(gaps: readonly Item[]): readonly Item[] {
  if (gaps.length <= most) return gaps;
  return gaps.toSorted((one, other) => Number(one.from - other.from)).slice(0, most);
}
