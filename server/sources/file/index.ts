import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import {
  sourceKind,
  TapeError,
  type Holding,
  type Outline,
  type Page,
  type Selection,
  type Source,
  type Survey,
} from '../source.ts';
import { readingSchema } from './reading.ts';
import type { ParquetTape } from './parquet.ts';
import { readSidecar } from './sidecar.ts';
import { Tally } from './tally.ts';

export { LineDecoder } from './line-decoder.ts';
export { lineOfEvent } from './line-of-event.ts';
export { readingSchema } from './reading.ts';
export {
  pieceSchema,
  readSidecar,
  type RecordedPiece,
  type RecordingNotes,
  sha256Of,
  sidecarPath,
  sidecarText,
  type Sidecar,
} from './sidecar.ts';
export { Tally } from './tally.ts';

/** What the name of a tape file may end in; the ending decides how it is read and written. */
export const tapeEndings = ['.ndjson', '.ndjson.gz', '.parquet'] as const;
export type TapeEnding = (typeof tapeEndings)[number];

/** Which of the endings a path has; `undefined` when it is no tape. */
export function tapeEnding(path: string): TapeEnding | undefined {
  return tapeEndings.find((ending) => path.endsWith(ending));
}

/** Endings of files that are made into a tape before they are played. What they hold is told from their contents. */
const foreignEndings = ['.csv', '.csv.gz', '.json', '.json.gz', '.jsonl', '.jsonl.gz'] as const;
const endings = [...tapeEndings, ...foreignEndings];

const tapePath = z
  .string()
  .refine((path) => endings.some((ending) => path.endsWith(ending)), {
    error: `expected a path that ends in ${endings.join(', ')}`,
  })
  .meta({
    title: 'Path',
    description: `Where the tape lies, relative to the scenario file. It ends in ${endings.join(', ')}.`,
    pattern: `\\.(${endings.map((ending) => ending.slice(1).replaceAll('.', '\\.')).join('|')})$`,
    examples: ['tapes/open.ndjson.gz', '/data/2026-07-01.parquet', 'us_stocks_sip/trades_v1/2026-07-01.csv.gz'],
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
    reading: readingSchema.optional(),
  }),
]);
type Options = z.output<typeof options>;

/**
 * A tape in a file: NDJSON, plain or gzip, or Parquet; or a file that `papertape tape import` reads, which is imported into a temporary
 * one first.
 */
export const file = sourceKind({
  options: options.meta({
    title: 'Tape file',
    description:
      'A recorded tape: the path of an NDJSON (.ndjson, .ndjson.gz) or Parquet file, of a CSV or JSON file as vendors give it, or a path, the symbols wanted of it, and how to read it.',
    examples: ['tapes/open.ndjson.gz', { path: 'tapes/open.parquet', symbols: ['AAPL'] }],
  }),
  explain: (tape) => {
    const { path, symbols } = detailed(tape);
    const foreign = isForeign(tape) ? ', imported first' : '';
    return `the tape file ${path}${foreign}${symbols === undefined ? '' : `, only ${symbols.join(', ')}`}`;
  },
  open: (tape, { directory, adopt }) => {
    const { path, symbols, reading = {} } = detailed(tape);
    const whole = resolve(directory, path);
    const adopted =
      isForeign(tape) && adopt !== undefined ? (signal: AbortSignal) => adopt(whole, reading, signal) : undefined;
    return new FileSource(path, whole, symbols, adopted);
  },
});

/** What has to be made into a tape first: a file with another ending, or one that somebody says how to read. */
function isForeign(tape: Options): boolean {
  const { path, reading } = detailed(tape);
  return reading !== undefined || tapeEnding(path) === undefined;
}

type Adopt = (signal: AbortSignal) => Promise<string>;

class FileSource implements Source {
  readonly name: string;
  readonly #path: string;
  readonly #symbols: readonly string[] | undefined;
  readonly #adopt: Adopt | undefined;
  #parquet: ParquetTape | undefined;

  /** `adopt` makes the tape of a file that is none. */
  constructor(shown: string, path: string, symbols: readonly string[] | undefined, adopt: Adopt | undefined) {
    this.name = `file ${shown}`;
    this.#path = path;
    this.#symbols = symbols;
    this.#adopt = adopt;
    try {
      accessSync(path, constants.R_OK);
    } catch (cause) {
      throw new TapeError(`No tape at ${path}. Correct the path, or make one with 'papertape tape generate'.`, {
        cause,
      });
    }
  }

  async survey(signal: AbortSignal): Promise<Survey> {
    const vouched = await this.#vouched(await this.#tape(signal));
    if (vouched !== undefined) return { holdings: vouched };
    const tally = new Tally();
    for await (const page of this.pages({}, signal)) tally.add(page);
    signal.throwIfAborted();
    return { holdings: tally.holdings };
  }

  async outline(signal: AbortSignal): Promise<readonly Outline[]> {
    const path = await this.#tape(signal);
    const vouched = await this.#vouched(path);
    if (vouched !== undefined) return vouched;
    // Parquet alone can tell without reading every event.
    const parquet = path.endsWith('.parquet') ? await this.#parquetAt(path) : undefined;
    return (await parquet?.outline(this.#symbols, signal)) ?? (await this.survey(signal)).holdings;
  }

  async *pages(selection: Selection, signal: AbortSignal): AsyncGenerator<Page> {
    const narrowed = { ...selection, symbols: intersection(this.#symbols, selection.symbols) };
    let path: string;
    try {
      path = await this.#tape(signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    // A server loads only what reads the tapes it has.
    if (path.endsWith('.parquet')) yield* (await this.#parquetAt(path)).pages(narrowed, signal);
    else {
      const { ndjsonPages } = await import('./ndjson.ts');
      yield* ndjsonPages(path, narrowed, signal);
    }
  }

  /** What the tape's sidecar says that it holds. */
  async #vouched(path: string): Promise<readonly Holding[] | undefined> {
    const sidecar = await readSidecar(path);
    return sidecar?.holdings.filter(({ symbol }) => this.#symbols?.includes(symbol) ?? true);
  }

  async #parquetAt(path: string): Promise<ParquetTape> {
    const { ParquetTape } = await import('./parquet.ts');
    if (this.#parquet?.path !== path) this.#parquet = new ParquetTape(path);
    return this.#parquet;
  }

  /** Where the tape itself lies. Whoever adopts knows what it has made already. */
  async #tape(signal: AbortSignal): Promise<string> {
    return (await this.#adopt?.(signal)) ?? this.#path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Every reading opens and closes the file for itself.
  }
}

function detailed(tape: Options): Exclude<Options, string> {
  return typeof tape === 'string' ? { path: tape } : tape;
}

function intersection(
  own: readonly string[] | undefined,
  asked: readonly string[] | undefined,
): readonly string[] | undefined {
  if (own === undefined || asked === undefined) return own ?? asked;
  return asked.filter((symbol) => own.includes(symbol));
}
