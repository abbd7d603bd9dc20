import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { MarketEvent } from '../../market/event.ts';
import { openTape } from '../../server/sources/index.ts';
import { importFiles, type ImportRequest, type ImportResult } from '../../server/tapes/import/index.ts';
import { folderOf } from '../server/scenario/folder.ts';

const signal = new AbortController().signal;

export interface ImportedFiles {
  readonly events: readonly MarketEvent[];
  /** The report, line by line. */
  readonly rejects: readonly {
    readonly file: string;
    readonly line: number;
    readonly reason: string;
    readonly value: string;
  }[];
  readonly result: ImportResult;
}

type Given = Omit<Partial<ImportRequest>, 'reading'> & { readonly reading?: Partial<ImportRequest['reading']> };

/** What a request is when only its files and what is given matter. */
export function request(folder: string, files: readonly string[], given: Given = {}): ImportRequest {
  return {
    files,
    out: 'out.ndjson',
    folder,
    stdin: Readable.from([]),
    licence: 'unknown',
    dataSource: 'imported',
    force: false,
    signal,
    ...given,
    reading: { ...unread, ...given.reading },
  };
}

/** Imports files of these contents, in this order, and reads the tape that came of them. */
export async function imported(
  files: Readonly<Record<string, string | Uint8Array>>,
  reading: Partial<ImportRequest['reading']> = {},
  given: Given = {},
): Promise<ImportedFiles> {
  await using folder = await folderOf(files);
  const asked = request(folder.path, Object.keys(files), { ...given, reading });
  const result = await importFiles(asked);
  return {
    events: await eventsOf(folder.path, asked.out),
    rejects: await rejectsOf(folder.at(result.rejects)),
    result,
  };
}

/** Every event of a tape file. */
export async function eventsOf(directory: string, tape: string): Promise<MarketEvent[]> {
  await using source = openTape({ file: tape }, { directory, seed: 1 });
  const events: MarketEvent[] = [];
  for await (const page of source.pages({}, signal)) events.push(...page);
  return events;
}

/** The report of rejected rows at a path; empty when there is none. */
export async function rejectsOf(path: string): Promise<ImportedFiles['rejects']> {
  if (!existsSync(path)) return [];
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

const unread: ImportRequest['reading'] = {
  format: undefined,
  market: undefined,
  symbol: undefined,
  map: undefined,
  timeZone: undefined,
  timeFormat: undefined,
  barLabel: undefined,
  timeframe: undefined,
};
