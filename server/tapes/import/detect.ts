import { TapeError } from '../../sources/source.ts';
import { cellsOf, delimiterOf } from './cells.ts';
import { Documents, parseDocument } from './documents.ts';
import { BadRow, type CsvFormat, type Format, type JsonFormat, type LineFormat, type Reading } from './format.ts';
import { formats } from './formats/index.ts';
import type { Lines } from './lines.ts';

/** How the rows of a CSV file are laid out. A file without a header line has its header on line 0. */
interface Layout {
  readonly header: readonly string[];
  readonly headerLine: number;
  readonly delimiter: string;
}

/** A text file's format, with what of its beginning the reader needs. */
export type Detected = ({ readonly format: CsvFormat } & Layout) | { readonly format: JsonFormat | LineFormat };

/** Lines looked at before a file is taken for none we know: of JSON, whose first document may be long, and of any other text. */
const sampled = { json: 20_000, text: 20 };
const shown = 200;

/**
 * Tells the format of a text from its first lines, or takes the one that `reading` forces; `undefined` when all of them are blank, `more`
 * when they do not tell yet and are not the `whole` text. Throws a `TapeError` that shows what the file begins with and lists the formats known.
 */
export function detect(
  { first, texts }: Lines,
  reading: Reading,
  name: string,
  whole: boolean,
): Detected | 'more' | undefined {
  const forced = reading.format === undefined ? undefined : formatNamed(reading.format);
  const candidates = forced === undefined ? formats : [forced];
  const lead = texts.findIndex((text) => text.trim() !== '');
  const header = texts[lead];
  if (header === undefined) return undefined;
  let documents: readonly unknown[] | undefined;
  for (const format of candidates) {
    if (format.shape === 'parquet') continue;
    if (format.shape === 'csv') {
      const csv = layoutOf(format, header, reading, lead + first);
      if (csv !== undefined && (forced !== undefined || format.recognises(csv.header.map(lower), reading))) {
        return { format, ...csv };
      }
    } else if (forced !== undefined || (documents ??= documentsOf(texts)).some((one) => format.recognises(one)))
      return { format };
  }
  const isJson = /^\s*[{[]/.test(header);
  if (!whole && texts.length < (isJson ? sampled.json : sampled.text)) return 'more';
  throw undetectable(name, header, isJson);
}

/** A format by the name that `--format` gives it. Throws a `TapeError` for an unknown one. */
export function formatNamed(name: string): Format {
  const format = formats.find((one) => one.name === name);
  if (format !== undefined) return format;
  throw new TapeError(`--format ${name}: no such format; use one of ${formats.map((one) => one.name).join(', ')}`);
}

function layoutOf(format: CsvFormat, line: string, reading: Reading, number: number): Layout | undefined {
  const delimiter = delimiterOf(line);
  try {
    const cells = cellsOf(line, delimiter).map((cell) => cell.trim());
    const headless = format.headless?.(reading) === true;
    return {
      header: headless ? cells.map((_, index) => `#${index + 1}`) : cells,
      headerLine: headless ? 0 : number,
      delimiter,
    };
  } catch (error) {
    if (error instanceof BadRow) return undefined;
    throw error;
  }
}

/** The first JSON documents; pages may come in a list, and the first one of a big file need not end within the sample. */
function documentsOf(texts: readonly string[]): unknown[] {
  const pieces = new Documents();
  const found = texts.flatMap((text, index) => pieces.add(text, index + 1));
  return found.flatMap(({ text }) => {
    if (!/^\s*[{[]/.test(text)) return [];
    try {
      const document = parseDocument(text);
      return Array.isArray(document) ? document : [document];
    } catch (error) {
      if (error instanceof BadRow) return [];
      throw error;
    }
  });
}

function undetectable(name: string, header: string, isJson: boolean): TapeError {
  const looks = header.length > shown ? `${header.slice(0, shown)}…` : header;
  const known = formats.map((format) => `  ${format.name.padEnd(11)} ${format.title}`).join('\n');
  return new TapeError(
    `${name}: its format is not known. ${isJson ? 'Its JSON' : 'Its first line'} begins with\n  ${looks}\nKnown formats, forced with --format:\n${known}`,
  );
}

const lower = (name: string): string => name.toLowerCase();
