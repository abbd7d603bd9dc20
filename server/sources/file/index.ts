import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { sourceKind, TapeError, type Page, type Selection, type Source, type Survey } from '../source.ts';
import { readSidecar } from './sidecar.ts';
import { Tally } from './tally.ts';

export { lineOfEvent } from './line-of-event.ts';
export { readSidecar, sha256Of, sidecarPath, sidecarText, type Sidecar } from './sidecar.ts';
export { Tally } from './tally.ts';

/** What the name of a tape file may end in; the ending decides how it is read and written. */
export const tapeEndings = ['.ndjson', '.ndjson.gz', '.parquet'] as const;
export type TapeEnding = (typeof tapeEndings)[number];

/** Which of the endings a path has; `undefined` when it is no tape. */
export function tapeEnding(path: string): TapeEnding | undefined {
  return tapeEndings.find((ending) => path.endsWith(ending));
}

const tapePath = z
  .string()
  .regex(/\.(ndjson|ndjson\.gz|parquet)$/, `expected a path that ends in ${tapeEndings.join(', ')}`)
  .meta({
    title: 'Path',
    description: 'Where the tape lies, relative to the scenario file. It ends in .ndjson, .ndjson.gz or .parquet.',
    examples: ['tapes/open.ndjson.gz', '/data/2026-07-01.parquet'],
  });

const options = z.union([
  tapePath,
  z.strictObject({
    path: tapePath,
    symbols: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .meta({
        title: 'Symbols',
        description: 'Only these symbols of the tape; all of them when left out.',
        examples: [['AAPL', 'MSFT']],
      }),
  }),
]);

/** A tape in a file: NDJSON, plain or gzip, or Parquet. */
export const file = sourceKind({
  options: options.meta({
    title: 'Tape file',
    description:
      'A recorded tape: the path of an NDJSON (.ndjson, .ndjson.gz) or Parquet file, or a path and the symbols wanted of it.',
    examples: ['tapes/open.ndjson.gz', { path: 'tapes/open.parquet', symbols: ['AAPL'] }],
  }),
  explain: (tape) => {
    const { path, symbols } = pathAndSymbols(tape);
    return `the tape file ${path}${symbols === undefined ? '' : `, only ${symbols.join(', ')}`}`;
  },
  open: (tape, { directory }) => {
    const { path, symbols } = pathAndSymbols(tape);
    return new FileSource(path, resolve(directory, path), symbols);
  },
});

class FileSource implements Source {
  readonly name: string;
  readonly #path: string;
  readonly #symbols: readonly string[] | undefined;

  constructor(shown: string, path: string, symbols: readonly string[] | undefined) {
    this.name = `file ${shown}`;
    this.#path = path;
    this.#symbols = symbols;
    try {
      accessSync(path, constants.R_OK);
    } catch (cause) {
      throw new TapeError(`No tape at ${path}. Correct the path, or make one with 'papertape tape generate'.`, {
        cause,
      });
    }
  }

  async survey(signal: AbortSignal): Promise<Survey> {
    const sidecar = await readSidecar(this.#path);
    if (sidecar !== undefined) {
      const { holdings } = sidecar;
      return { holdings: holdings.filter(({ symbol }) => this.#symbols?.includes(symbol) ?? true) };
    }
    const tally = new Tally();
    for await (const page of this.pages({}, signal)) tally.add(page);
    signal.throwIfAborted();
    return { holdings: tally.holdings };
  }

  async *pages(selection: Selection, signal: AbortSignal): AsyncGenerator<Page> {
    const narrowed = { ...selection, symbols: intersection(this.#symbols, selection.symbols) };
    // A server loads only what reads the tapes it has.
    if (this.#path.endsWith('.parquet')) {
      const { parquetPages } = await import('./parquet.ts');
      yield* parquetPages(this.#path, narrowed, signal);
    } else {
      const { ndjsonPages } = await import('./ndjson.ts');
      yield* ndjsonPages(this.#path, narrowed, signal);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Every reading opens and closes the file for itself.
  }
}

function pathAndSymbols(tape: z.output<typeof options>): { path: string; symbols: readonly string[] | undefined } {
  return typeof tape === 'string' ? { path: tape, symbols: undefined } : { path: tape.path, symbols: tape.symbols };
}

function intersection(
  own: readonly string[] | undefined,
  asked: readonly string[] | undefined,
): readonly string[] | undefined {
  if (own === undefined || asked === undefined) return own ?? asked;
  return asked.filter((symbol) => own.includes(symbol));
}
