import { z } from 'zod';
import { namedBy, optionsOf } from '../plugs.ts';
import { file } from './file/index.ts';
import { postgres } from './postgres/index.ts';
import type { Source, SourceKind, Surroundings } from './source.ts';
import { synthetic } from './synthetic/index.ts';

export { TapeError, type Holding, type Page, type Selection, type Source, type Survey } from './source.ts';

/** Every way to come by a tape. A new one is one line here. */
export const sources = { synthetic, file, postgres } as const satisfies Record<string, SourceKind>;

/** One entry of a scenario's `tapes`: exactly one source by name, with its options. */
export const tapeSchema = z
  .strictObject(optionsOf(sources))
  .partial()
  .refine((entry) => chosen(entry).length === 1, {
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
  const { kind, options } = onlyOne(entry);
  return kind.open(options, {
    adopt: async (path, reading, signal) => {
      const { adoptTape } = await import('../tapes/import/adopt.ts');
      return await adoptTape(path, reading, signal, surroundings.warn);
    },
    ...surroundings,
  });
}

/** Tells an entry in plain words, for `papertape explain`. */
export function explainTape(entry: TapeEntry): string {
  const { kind, options } = onlyOne(entry);
  return kind.explain(options);
}

function onlyOne(entry: TapeEntry): ReturnType<typeof chosen>[number] {
  const [only] = chosen(entry);
  if (only === undefined) throw new TypeError('a tape entry without a source; validate it with tapeSchema first');
  return only;
}

const chosen = (entry: Readonly<Record<string, unknown>>) => namedBy<SourceKind>(sources, entry);
