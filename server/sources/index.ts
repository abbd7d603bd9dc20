import { z } from 'zod';
import { file } from './file/index.ts';
import { postgres } from './postgres/index.ts';
import type { Source, SourceKind, Surroundings } from './source.ts';
import { synthetic } from './synthetic/index.ts';

export { TapeError, type Holding, type Page, type Selection, type Source, type Survey } from './source.ts';

/** Every way to come by a tape. A new one is one line here. */
export const sources = { synthetic, file, postgres } as const satisfies Record<string, SourceKind>;

type SourceName = keyof typeof sources;

/** One entry of a scenario's `tapes`: exactly one source by name, with its options. */
export const tapeSchema = z
  .strictObject({
    synthetic: synthetic.options.optional(),
    file: file.options.optional(),
    postgres: postgres.options.optional(),
  } satisfies Record<SourceName, z.ZodType>)
  .refine((entry) => namesIn(entry).length === 1, {
    error: `must name exactly one source; use one of ${Object.keys(sources).join(', ')}`,
  })
  .meta({
    title: 'Tape',
    description: 'Where recorded or generated events come from: exactly one source by name, with its options.',
    examples: [{ synthetic: { symbols: ['AAPL', 'BTC/USD'], rate: 80 } }, { file: 'tapes/open.ndjson.gz' }],
    minProperties: 1,
    maxProperties: 1,
  });
/** A tape entry after validation, defaults filled in. */
export type TapeEntry = z.output<typeof tapeSchema>;

/** Opens a validated entry. Throws a `TapeError` when the tape cannot be opened; the caller disposes of the source. */
export function openTape(entry: TapeEntry, surroundings: Surroundings): Source {
  const { synthetic: market, file: recorded, postgres: stored } = entry;
  if (market !== undefined) return synthetic.open(market, surroundings);
  if (recorded !== undefined) return file.open(recorded, surroundings);
  if (stored !== undefined) return postgres.open(stored, surroundings);
  throw new TypeError('a tape entry without a source; validate it with tapeSchema first');
}

/** Tells an entry in plain words, for `papertape explain`. */
export function explainTape(entry: TapeEntry): string {
  const { synthetic: market, file: recorded, postgres: stored } = entry;
  if (market !== undefined) return synthetic.explain(market);
  if (recorded !== undefined) return file.explain(recorded);
  if (stored !== undefined) return postgres.explain(stored);
  throw new TypeError('a tape entry without a source; validate it with tapeSchema first');
}

const namesIn = (entry: object): string[] =>
  Object.entries(entry).flatMap(([name, options]) => (options === undefined ? [] : [name]));
