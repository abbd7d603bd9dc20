import { columns, indispensable } from './columns.ts';
import { named, openDuckDb, quoted } from './duckdb.ts';

/** Rows per Parquet row group: the grain at which a range or a symbol is skipped. */
const rowGroup = 122_880;

/**
 * Turns a finished NDJSON tape into a Parquet tape with the same events in the same order. `fields` are those that its kinds have; only they
 * become columns, which halves the time.
 */
export async function convertToParquet(
  ndjson: string,
  path: string,
  fields: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  using database = await openDuckDb(path);
  const { connection } = database;
  const stop = (): void => connection.interrupt();
  signal.addEventListener('abort', stop, { once: true });
  const held = Object.entries(columns).filter(([column]) => indispensable.includes(column) || fields.includes(column));
  const typed = held.map(([column, type]) => `${named(column)}: ${quoted(type)}`);
  try {
    signal.throwIfAborted();
    await connection.run(
      `COPY (SELECT * FROM read_json(${quoted(ndjson)}, format = 'newline_delimited', columns = {${typed.join(', ')}},
        maximum_object_size = ${16 << 20}))
       TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroup})`,
    );
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
