import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type Reading, TapeError } from '../../sources/source.ts';
import type { Input } from './input.ts';
import { readInput } from './read-input.ts';
import { type Reject, Rejects } from './rejects.ts';
import { type ImportSummary, sum, summaryOf } from './summary.ts';
import { sortedLines } from './sorted-lines.ts';
import { RunWriter } from './runs.ts';
import { type Done, keyOf, WorkFolder } from './work-folder.ts';

/** How far an import is. While reading `share` counts the bytes read, while writing the rows written; unknown while a pipe is read. */
export interface ImportProgress {
  readonly phase: 'reading' | 'writing';
  /** The input being read. */
  readonly input: string;
  readonly events: number;
  readonly rejected: number;
  readonly share: number | undefined;
}

export interface ImportOptions {
  readonly reading: Reading;
  /** Where the work is kept until it is whole: a path for a folder of its own. */
  readonly work: string;
  /** What the work is for, so that another import does not take it up. */
  readonly out: string;
  /** File for the report of rejected rows, one line of JSON each. It is written anew, and only when there are any. */
  readonly rejects: string;
  /** Most rows that may be rejected: a number, or a share of all rows, 0…1. */
  readonly maxRejects?: { readonly rows: number } | { readonly share: number } | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  readonly onReject?: ((reject: Reject) => void) | undefined;
}

/** What was read, and its lines in the order of their time. */
export interface Imported extends ImportSummary {
  lines(): AsyncIterable<Buffer>;
}

/** More rows were rejected than the user allows. */
export class TooManyRejects extends TapeError {}

/**
 * Reads inputs of any known format, sorts their events by time out of core (events of one time keep the order of the inputs and of their
 * rows) and hands them to `write`, as NDJSON lines. Rows that cannot be read are counted and reported. When `write` has succeeded the work
 * is removed; after any failure or abort it stays, and the same import goes on with the inputs it had not finished.
 */
export async function importTape<Written>(
  inputs: readonly Input[],
  options: ImportOptions,
  write: (imported: Imported) => Promise<Written>,
): Promise<ImportSummary & { readonly written: Written }> {
  const { reading, signal, onProgress, maxRejects } = options;
  const folder = await WorkFolder.open(options.work, await keyOf(inputs, reading, options.out), process.pid);
  const sizes = await Promise.all(
    inputs.map(async ({ path }) => (path === undefined ? undefined : (await stat(path)).size)),
  );
  const total = sizes.reduce<number | undefined>(
    (known, size) => (known === undefined || size === undefined ? undefined : known + size),
    0,
  );
  const all: Done[] = [];
  let [passed, resumed] = [0, 0];
  for (const [index, input] of inputs.entries()) {
    signal.throwIfAborted();
    const before = { passed, events: sum(all, 'events'), rejected: sum(all, 'rejected') };
    const known = input.path === undefined ? undefined : folder.done(index);
    if (known !== undefined) resumed++;
    const rejects = new Rejects(input.name, folder.rejects(index), (reject) => {
      options.onReject?.(reject);
      if (maxRejects !== undefined && 'rows' in maxRejects && before.rejected + rejects.count > maxRejects.rows)
        throw new Enough();
    });
    const progress = (bytes: number, events: number): void =>
      onProgress?.({
        phase: 'reading',
        input: input.name,
        events: before.events + events,
        rejected: before.rejected + rejects.count,
        share: total === undefined ? undefined : (before.passed + bytes) / Math.max(1, total),
      });
    try {
      all.push(known ?? (await read(input, index, folder, { reading, signal }, rejects, progress)));
    } catch (error) {
      if (!(error instanceof Enough)) throw error;
      await rejects.flush();
      await report(folder, inputs, options.rejects);
      await folder.remove();
      throw tooMany(before.rejected + rejects.count, options);
    }
    passed += sizes[index] ?? 0;
  }
  const summary = summaryOf(inputs, all, resumed);
  const rows = summary.events + summary.rejected;
  await report(folder, inputs, options.rejects);
  const allowed =
    maxRejects === undefined ? Infinity : 'rows' in maxRejects ? maxRejects.rows : maxRejects.share * rows;
  if (summary.rejected > allowed) {
    await folder.remove();
    throw tooMany(summary.rejected, options, rows);
  }
  const written = await write({
    ...summary,
    lines: () =>
      sortedLines(
        folder,
        all.flatMap(({ runs }) => runs.map((run) => folder.at(run))),
        signal,
        (done) =>
          onProgress?.({
            phase: 'writing',
            input: '',
            events: done,
            rejected: summary.rejected,
            share: done / Math.max(1, summary.events),
          }),
      ),
  });
  await folder.remove();
  return { ...summary, written };
}

/** Unwinds the reading of an input as soon as it has too many bad rows. */
class Enough extends Error {}

async function read(
  input: Input,
  index: number,
  folder: WorkFolder,
  { reading, signal }: Pick<ImportOptions, 'reading' | 'signal'>,
  rejects: Rejects,
  progress: (bytes: number, events: number) => void,
): Promise<Done> {
  const runs: string[] = [];
  const { format, events, holdings, fields } = await readInput(input, {
    reading,
    signal,
    rejects,
    progress,
    runs: new RunWriter(),
    scratch: folder.at(`${index}.parquet`),
    nextRun: () => {
      const name = `${index}-${runs.length}.run`;
      runs.push(name);
      return folder.at(name);
    },
  });
  const reasons = Object.fromEntries(rejects.reasons);
  const kept = { holdings: [...holdings], fields: [...fields] };
  const done = { format, events, rejected: rejects.count, reasons, runs, ...kept };
  await folder.finish(index, done);
  return done;
}

/** One report of all inputs, in their order; none when no row was rejected. */
async function report(folder: WorkFolder, inputs: readonly Input[], path: string): Promise<void> {
  await rm(path, { force: true });
  const partial = `${path}.partial`;
  let any = false;
  for (const index of inputs.keys()) {
    const part = folder.rejects(index);
    const size = await stat(part).then(
      (found) => found.size,
      () => 0,
    );
    if (size === 0) continue;
    await pipeline(createReadStream(part), createWriteStream(partial, { flags: any ? 'a' : 'w' }));
    any = true;
  }
  if (any) await rename(partial, path);
}

function tooMany(rejected: number, { maxRejects, rejects }: ImportOptions, rows?: number): TooManyRejects {
  const allowed =
    maxRejects === undefined ? '' : 'rows' in maxRejects ? String(maxRejects.rows) : `${maxRejects.share * 100}%`;
  const of = rows === undefined ? ', reading was stopped there' : ` of ${rows} rows`;
  return new TooManyRejects(
    `${rejected} rows were rejected${of}; --max-rejects allows ${allowed}, so no tape was written. They are listed in ${rejects}`,
  );
}
