import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { firstInstant, lastInstant } from '../../../market/instant.ts';
import { Tally } from '../../sources/file/index.ts';
import { TapeError, type Holding } from '../../sources/source.ts';
import { detect, type Detected, formatNamed } from './detect.ts';
import { Documents, parseDocument, type Piece } from './documents.ts';
import { BadRow, type Emit, type Reading, type TableFormat } from './format.ts';
import { formats } from './formats/index.ts';
import { contentsOf, type Input } from './input.ts';
import { checkText, type Lines, linesOf } from './lines.ts';
import { RowCells } from './row-cells.ts';
import type { Rejects } from './rejects.ts';
import type { RunWriter } from './runs.ts';

/** What one input needs of its surroundings. */
export interface Desk {
  readonly reading: Reading;
  readonly signal: AbortSignal;
  readonly runs: Pick<RunWriter, 'add' | 'full' | 'empty' | 'write'>;
  readonly rejects: Rejects;
  /** Name for the next run. */
  nextRun(): string;
  /** Where a piped file is laid down that cannot be read in one go. */
  readonly scratch: string;
  /** Hears of every bunch of rows how many bytes were read so far, before unpacking, and how many events came of them. */
  progress(bytes: number, events: number): void;
}

/** What came of one input. */
export interface InputSummary {
  /** Name of the format; `undefined` for an input without a row. */
  readonly format: string | undefined;
  readonly events: number;
  readonly holdings: readonly Holding[];
  /** Names of the fields that its events have. */
  readonly fields: readonly string[];
}

/** Reads one input to its end into sorted runs and rejects. Throws a `TapeError` when it cannot be read at all, the signal's reason on abort. */
export async function readInput(input: Input, desk: Desk): Promise<InputSummary> {
  const { runs, rejects, signal } = desk;
  const tally = new Tally();
  let [bytes, events] = [0, 0];
  const emit: Emit = (event) => {
    if (event.at > lastInstant || event.at < firstInstant)
      throw new BadRow('the time lies before 1677 or after 2262', String(event.at));
    runs.add(event);
    tally.count(event);
    events++;
  };
  const breathe = async (): Promise<void> => {
    signal.throwIfAborted();
    if (runs.full) await runs.write(desk.nextRun());
    await rejects.flush();
    desk.progress(bytes, events);
  };
  const contents = await contentsOf(input, (more) => (bytes += more));
  const format =
    contents.kind === 'empty'
      ? undefined
      : contents.kind === 'parquet'
        ? await readTable(input, contents.bytes, desk, emit, breathe)
        : await readText(input, contents.bytes, desk, emit, breathe);
  if (!runs.empty) await runs.write(desk.nextRun());
  await breathe();
  const { holdings, fields } = tally;
  return { format, events, holdings, fields };
}

type Breathe = () => Promise<void>;

async function readText(
  input: Input,
  bytes: AsyncIterable<unknown>,
  desk: Desk,
  emit: Emit,
  breathe: Breathe,
): Promise<string | undefined> {
  const { reading } = desk;
  let reader: TextReader | undefined;
  let name: string | undefined;
  let held: Lines | undefined;
  const begin = (lines: Lines, whole: boolean): void => {
    const detected = detect(lines, reading, input.name, whole);
    held = detected === 'more' ? lines : undefined;
    if (detected === 'more' || detected === undefined) return;
    reader = readerOf(detected, desk, input, emit);
    name = detected.format.name;
    reader.lines(lines);
  };
  for await (const lines of linesOf(bytes, input.name)) {
    if (reader === undefined) begin(held === undefined ? lines : held.with(lines), false);
    else reader.lines(lines);
    await breathe();
  }
  if (held !== undefined) begin(held, true);
  reader?.end();
  return name;
}

interface TextReader {
  lines(lines: Lines): void;
  end(): void;
}

function readerOf(detected: Detected, desk: Desk, input: Input, emit: Emit): TextReader {
  const { reading, rejects } = desk;
  const { format } = detected;
  /** Does what a row asks for, or counts it as rejected. */
  const attempt = (line: number, row: string, work: () => void): void => {
    try {
      work();
    } catch (bad) {
      if (!(bad instanceof BadRow)) throw bad;
      rejects.add(bad, line, row);
    }
  };
  const eachLine = (take: (text: string, line: number) => void): TextReader => ({
    lines: ({ first, texts, utf8 }) => {
      for (const [index, text] of texts.entries()) {
        if (text === '') continue;
        attempt(first + index, text, () => {
          checkText(text, utf8);
          take(text, first + index);
        });
      }
    },
    end: () => undefined,
  });
  if ('header' in detected) return csvReader(detected, desk, input, emit);
  if (format.shape === 'lines') {
    const read = format.reader(input.name);
    return eachLine((text, line) => emit(read(text, line)));
  }
  if (format.shape !== 'json') throw new TypeError(`${format.name} is no text`);
  const read = format.reader(reading);
  const documents = new Documents();
  const take = ({ line, text }: Piece, utf8: boolean): void =>
    attempt(line, text, () => {
      checkText(text, utf8);
      const document = parseDocument(text);
      for (const page of Array.isArray(document) ? document : [document]) {
        read(page, emit, (bad, place, row) => rejects.add(bad, line, JSON.stringify(row) ?? '', place));
      }
    });
  return {
    lines: ({ first, texts, utf8 }) => {
      for (const [index, text] of texts.entries())
        for (const piece of documents.add(text, first + index)) take(piece, utf8);
    },
    end: () => {
      for (const piece of documents.end()) take(piece, true);
    },
  };
}

function csvReader(csv: Extract<Detected, { header: unknown }>, desk: Desk, input: Input, emit: Emit): TextReader {
  const { header, headerLine, delimiter } = csv;
  const read = csv.format.reader(header, desk.reading, input.path ?? input.name);
  const cells = new RowCells(delimiter, header.length);
  return {
    lines: (lines) => {
      const { first, bytes, utf8 } = lines;
      cells.load(bytes, lines.ascii);
      let line = first;
      for (let at = 0; at <= bytes.length; line++) {
        at = cells.seek(at);
        if (cells.count === 0 || line <= headerLine) continue;
        try {
          if (cells.isOdd || !utf8) {
            checkText(cells.row, utf8);
            cells.spellOut();
          }
          if (cells.count !== header.length) {
            throw new BadRow(`the row has not ${header.length} cells as the header`, String(cells.count));
          }
          read(cells, emit);
        } catch (bad) {
          if (!(bad instanceof BadRow)) throw bad;
          desk.rejects.add(bad, line, cells.row);
        }
      }
      lines.count = line - first;
    },
    end: () => undefined,
  };
}

async function readTable(
  input: Input,
  bytes: AsyncIterable<unknown>,
  desk: Desk,
  emit: Emit,
  breathe: Breathe,
): Promise<string> {
  const { reading, signal, rejects } = desk;
  const isTable = (one: { readonly shape: string }): one is TableFormat => one.shape === 'parquet';
  const format = reading.format === undefined ? formats.find(isTable) : formatNamed(reading.format);
  if (format === undefined || !isTable(format)) {
    throw new TapeError(`${input.name}: is a Parquet file and not ${reading.format ?? 'text'}; leave --format out`);
  }
  // Parquet is read from its end, so what is piped in has to lie somewhere first.
  if (input.path === undefined) await layDown(bytes, desk.scratch, signal);
  let row = 0;
  try {
    for await (const rows of format.events(input.path ?? desk.scratch, signal)) {
      for (const one of rows) {
        row++;
        if (one instanceof BadRow) rejects.add(one, row, '');
        else emit(one);
      }
      await breathe();
    }
  } finally {
    if (input.path === undefined) await rm(desk.scratch, { force: true });
  }
  return format.name;
}

async function layDown(bytes: AsyncIterable<unknown>, path: string, signal: AbortSignal): Promise<void> {
  const file = createWriteStream(path, { signal });
  for await (const chunk of bytes) if (!file.write(chunk)) await once(file, 'drain', { signal });
  file.end();
  await once(file, 'finish', { signal });
}
