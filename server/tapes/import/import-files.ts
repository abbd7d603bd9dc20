import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { databaseName } from '../../../migrations/session.ts';
import { LineDecoder, readingSchema, tapeEnding, tapeEndings } from '../../sources/file/index.ts';
import { type Page, pageSize, type Reading, TapeError } from '../../sources/source.ts';
import { writeSpelt } from '../write.ts';
import { type Imported, type ImportOptions, type ImportProgress, importTape } from './import-tape.ts';
import { fileInput, type Input } from './input.ts';
import { linesOf } from './lines.ts';
import type { Reject } from './rejects.ts';
import type { ImportSummary } from './summary.ts';

/** Files to be made into one tape. */
export interface ImportRequest {
  /** Paths, in the order in which events of one time are to stand; `-` is the standard input. */
  readonly files: readonly string[];
  /** A tape file by its ending, or a database: `postgres://…`. */
  readonly out: string;
  /** Against which relative paths are resolved. */
  readonly folder: string;
  readonly stdin: AsyncIterable<unknown>;
  /** Unchecked, as the user gave it. */
  readonly reading: Readonly<Record<keyof Reading, unknown>>;
  readonly licence: string;
  /** Where the events come from; the names of the files when left out. */
  readonly origin?: string | undefined;
  /** `data_source` of the rows in a database. */
  readonly dataSource: string;
  /** Replaces a tape file that exists. */
  readonly force: boolean;
  /** Where rejected rows are listed; beside the tape when left out. */
  readonly rejects?: string | undefined;
  /** `100` rows or `0.5%` of them. */
  readonly maxRejects?: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  readonly onReject?: ((reject: Reject) => void) | undefined;
}

/** What became of them. */
export interface ImportResult extends ImportSummary {
  /** The tape by the name its user gave it, or the database's, without its secrets. */
  readonly out: string;
  /** The report of rejected rows. */
  readonly rejects: string;
  /** Of a database: rows it had already. */
  readonly alreadyThere: number;
}

/** Imports files into a tape file or a database. Throws a `TapeError` for input that its user can mend, the signal's reason on abort. */
export async function importFiles(request: ImportRequest): Promise<ImportResult> {
  const { files, out, folder, stdin, signal, onProgress, onReject } = request;
  const whole = (path: string): string => (isAbsolute(path) ? path : join(folder, path));
  const reading = readingOf(request.reading);
  const database = /^postgres(?:ql)?:\/\//.test(out);
  const target = database ? databaseName(out) : out;
  if (!database && tapeEnding(out) === undefined) {
    throw new TapeError(
      `${out}: no tape ends so; give --out a path that ends in ${tapeEndings.join(', ')}, or postgres://…`,
    );
  }
  if (!database && !request.force && existsSync(whole(out))) {
    throw new TapeError(`${out} exists; name another file, or replace it with --force`);
  }
  const inputs = files.map((file): Input => {
    if (file === '-') return { name: 'stdin', open: () => stdin };
    if (!existsSync(whole(file))) throw new TapeError(`No file at ${whole(file)}. Correct the path.`);
    if (!database && resolve(whole(file)) === resolve(whole(out)))
      throw new TapeError(`${out}: cannot be read and written at once`);
    return fileInput(file, whole(file));
  });
  const beside = whole(database ? 'papertape' : out);
  const rejects = request.rejects ?? (database ? 'papertape.rejects.ndjson' : `${out}.rejects.ndjson`);
  const options: ImportOptions = {
    reading,
    work: `${beside}.import`,
    out: database ? `${out} ${request.dataSource}` : whole(out),
    rejects: whole(rejects),
    maxRejects: limitOf(request.maxRejects),
    signal,
    onProgress,
    onReject,
  };
  const { written, ...summary } = await importTape(inputs, options, async (imported) => {
    if (imported.events === 0 && imported.rejected === 0) return undefined;
    if (database) return await store(out, imported, request);
    const { licence, origin = files.join(', ') } = request;
    const about = { origin, licence, timeZone: reading.timeZone, signal, scratch: 'plain' as const };
    await writeSpelt(whole(out), imported.lines(), () => imported, about);
    return { alreadyThere: 0 };
  });
  if (written === undefined) {
    const shown = files.map((file) => (file === '-' ? 'stdin' : file)).join(', ');
    throw new TapeError(`${shown}: no row to import, so ${target} was not written. Name a file that has rows`);
  }
  return { ...summary, out: target, rejects, alreadyThere: written.alreadyThere };
}

async function store(
  url: string,
  imported: Imported,
  { dataSource, signal }: ImportRequest,
): Promise<{ readonly alreadyThere: number }> {
  const { writeTape } = await import('../../sources/postgres/write.ts');
  return await writeTape(url, pagesOf(imported.lines()), { dataSource, signal });
}

async function* pagesOf(spelt: AsyncIterable<Buffer>): AsyncGenerator<Page> {
  const decoder = new LineDecoder('sorted rows');
  for await (const { first, texts } of linesOf(spelt, 'sorted rows')) {
    const events = texts.flatMap((text, index) => (text === '' ? [] : [decoder.decode(text, first + index)]));
    for (let from = 0; from < events.length; from += pageSize) yield events.slice(from, from + pageSize);
  }
}

function readingOf(given: ImportRequest['reading']): Reading {
  const result = readingSchema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map(
    ({ path, message }) => `--${path.join(' ').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${message}`,
  );
  throw new TapeError(lines.join('\n'));
}

function limitOf(text: string | undefined): ImportOptions['maxRejects'] {
  if (text === undefined) return undefined;
  const [, number = '', percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  if (percent === '%' && Number(number) <= 100) return { share: Number(number) / 100 };
  if (percent === '' && /^\d+$/.test(number)) return { rows: Number(number) };
  throw new TapeError(
    `--max-rejects ${text}: expected a number of rows, such as 100, or a share of them, such as 0.5%`,
  );
}
