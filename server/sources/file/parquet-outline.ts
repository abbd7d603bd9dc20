import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { channels, markets } from '../../../market/event.ts';
import type { Outline } from '../source.ts';
import { quoted } from './duckdb.ts';
import { oneOf } from './parquet-layout.ts';

const rowsOfOutline = z.array(
  z
    .tuple([z.string(), z.enum(markets), z.enum(channels), z.bigint(), z.bigint()])
    .transform(([symbol, market, channel, from, to]): Outline => ({ symbol, market, channel, from, to })),
);

/**
 * What a Parquet tape holds, by columns alone; `undefined` when a row is no event or comes too late. Throws what DuckDB throws when it is
 * no tape.
 */
export async function outlineOf(
  connection: DuckDBConnection,
  path: string,
  symbols: readonly string[] | undefined,
): Promise<readonly Outline[] | undefined> {
  // The rows as they lie: a window without an order streams over them.
  const unsorted = await connection.runAndReadAll(
    `SELECT 1 FROM (SELECT "at" < lag("at") OVER () AS late FROM read_parquet(${quoted(path)})) WHERE late LIMIT 1`,
  );
  if (unsorted.currentRowCount > 0) return undefined;
  const where = symbols === undefined ? '' : `WHERE ${oneOf('symbol', symbols)}`;
  const reader = await connection.runAndReadAll(
    `SELECT symbol::VARCHAR, market::VARCHAR, kind::VARCHAR, min("at"::BIGINT), max("at"::BIGINT)
     FROM read_parquet(${quoted(path)}) ${where} GROUP BY ALL ORDER BY 1, 2, 3`,
  );
  const read = rowsOfOutline.safeParse(reader.getRows());
  return read.success ? read.data : undefined;
}
