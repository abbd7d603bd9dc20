import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { openDuckDb, quoted } from '../server/sources/file/duckdb.ts';
import { firstId, gap, opening, symbols } from './tape.ts';

const folder = '.bench/tapes';

/** The columns of `parquetTape`, as SQL names them. */
export const parquetColumns = [
  '"at"', 'kind', 'market', 'symbol', 'id', 'price', 'size', 'exchange', 'conditions', 'tape',
] as const; // prettier-ignore

/** A Parquet tape of trades, ten thousand a second of market time, laid out as `tape generate` does it. Kept for the next run. */
export async function parquetTape(trades: number): Promise<string> {
  return await made(`trades-${trades}.parquet`, trades, 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880', [
    `${opening} + n * ${gap} + draw(n, 9999) AS "at"`,
    `'trade' AS kind`,
    `'stocks' AS market`,
    `([${symbols.map(quoted).join(', ')}])[1 + draw(n + 1, ${symbols.length})] AS symbol`,
    `(${firstId} + n)::VARCHAR AS id`,
    `(10000 + draw(n + 2, 80000)) / 100 AS price`,
    `(1 + draw(n + 3, 500))::DOUBLE AS size`,
    `'V' AS exchange`,
    `CASE draw(n + 4, 2) WHEN 0 THEN ['@', 'I'] ELSE ['@', 'F'] END AS conditions`,
    `'C' AS tape`,
  ]);
}

/** Trades in a Polygon flat file, in order of tickers, half of them with two conditions in quotes. Kept for the next run. */
export async function flatFile(trades: number): Promise<string> {
  return await made(`trades-${trades}.csv.gz`, trades, 'FORMAT csv, HEADER, COMPRESSION gzip', [
    `([${symbols.toSorted().map(quoted).join(', ')}])[1 + n * ${symbols.length} // ${trades}] AS ticker`,
    `CASE draw(n + 4, 2) WHEN 0 THEN '37' ELSE '14,41' END AS conditions`,
    `0 AS correction`,
    `15 AS exchange`,
    `${firstId} + n AS id`,
    `${opening} + n * ${gap} + draw(n, 9999) AS participant_timestamp`,
    `(10000 + draw(n + 2, 80000)) / 100 AS price`,
    `n AS sequence_number`,
    `${opening} + n * ${gap} + draw(n, 9999) + 250000 AS sip_timestamp`,
    `1 + draw(n + 3, 500) AS size`,
    `3 AS tape`,
    `0 AS trf_id`,
    `0 AS trf_timestamp`,
  ]);
}

/** DuckDB makes a million rows in a second or two. `n` counts the rows from 0; `draw(seed, below)` is chance that comes out the same every time. */
async function made(name: string, rows: number, how: string, columns: readonly string[]): Promise<string> {
  const path = `${folder}/${name}`;
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  using database = await openDuckDb(path);
  const { connection } = database;
  await connection.run('CREATE MACRO draw(seed, below) AS (hash(seed) % below)::BIGINT');
  // A file that is cut off by an interruption must not be taken for the whole one.
  const partial = `${path}.partial`;
  await connection.run(
    `COPY (SELECT ${columns.join(', ')} FROM range(${rows}) AS numbers(n)) TO ${quoted(partial)} (${how})`,
  );
  renameSync(partial, path);
  return path;
}
