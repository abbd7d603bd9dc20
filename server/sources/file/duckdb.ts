import type { DuckDBConnection } from '@duckdb/node-api';
import { TapeError } from '../source.ts';

/** Memory DuckDB may take; past it, it spills to its temporary directory. */
const memoryLimit = '512MB';

/**
 * An in-memory DuckDB for one reading or writing. With one thread rows come in the order of the file; more are for questions whose answer
 * has no order, while nothing else is to be done. Throws a `TapeError` with the way out when the package is absent.
 */
export async function openDuckDb(
  path: string,
  threads = 1,
): Promise<{ readonly connection: DuckDBConnection } & Disposable> {
  const { DuckDBInstance } = await import('@duckdb/node-api').catch((cause: unknown) => {
    throw new TapeError(
      `${path}: Parquet tapes need the optional package @duckdb/node-api. Install it (npm install @duckdb/node-api), ` +
        `or use a tape that ends in .ndjson.gz`,
      { cause },
    );
  });
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads), memory_limit: memoryLimit });
  const connection = await instance.connect();
  return {
    connection,
    [Symbol.dispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A text as SQL spells it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** A column name as SQL spells it. */
export const named = (column: string): string => `"${column}"`;
