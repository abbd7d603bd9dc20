import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import type { MarketEvent, Nanos } from '../../../market/event.ts';
import { pageSize, TapeError, type Page, type Selection } from '../source.ts';
import { ColumnRow } from './column-row.ts';
import { columns, isNested } from './columns.ts';
import { named, openDuckDb, quoted } from './duckdb.ts';
import { eventOfRow } from './event-of-row.ts';

/** Rows per Parquet row group: the grain at which a range or a symbol is skipped. */
const rowGroup = 122_880;
/** Different texts up to which a column counts as repeating itself. */
const dictionaryLimit = 4096;
const repetitive = [
  'kind',
  'market',
  'symbol',
  'exchange',
  'conditions',
  'tape',
  'taker',
  'bidExchange',
  'askExchange',
  'indicators',
];
/** What few trades and quotes have; most tapes have none of it in any row. */
const rare = ['receivedAt', 'correction', 'reportSequence', 'session', 'trfId', 'trfAt', 'bidAt', 'askAt'];
const types: ReadonlyMap<string, string> = new Map(Object.entries(columns));
/** What every event has; other columns may be missing, as those are that came after the tape was written. */
const indispensable = ['at', 'kind', 'market', 'symbol'];

/** Pages of a Parquet tape. Symbols, kinds and range are pushed down, so row groups without them are not read. */
export async function* parquetPages(path: string, selection: Selection, signal: AbortSignal): AsyncGenerator<Page> {
  using database = await openDuckDb(path);
  const { sql, empty } = await run(path, () => query(database.connection, path, selection));
  const result = await run(path, () => database.connection.stream(sql));
  const row = new ColumnRow(path, empty);
  let previous: Nanos | undefined;
  let page: MarketEvent[] = [];
  while (!signal.aborted) {
    const chunk = await run(path, () => result.fetchChunk());
    if (chunk === null || chunk.rowCount === 0) break;
    row.load(chunk);
    for (let index = 0; index < chunk.rowCount; index++) {
      const event = eventOfRow(row.seek(index));
      if (previous !== undefined && event.at < previous) throw unsorted(path, event, previous);
      previous = event.at;
      page.push(event);
      if (page.length < pageSize) continue;
      yield page;
      if (signal.aborted) return;
      page = [];
    }
  }
  if (page.length > 0 && !signal.aborted) yield page;
}

/** Every row of a Parquet file with a tape's columns, in whatever order they lie, or what is wrong with it. */
export async function* parquetRows(
  path: string,
  signal: AbortSignal,
): AsyncGenerator<readonly (MarketEvent | TapeError)[]> {
  using database = await openDuckDb(path);
  const { sql, empty } = await run(path, () => query(database.connection, path, {}));
  const result = await run(path, () => database.connection.stream(sql));
  const row = new ColumnRow(path, empty);
  while (!signal.aborted) {
    const chunk = await run(path, () => result.fetchChunk());
    if (chunk === null || chunk.rowCount === 0) return;
    row.load(chunk);
    yield Array.from({ length: chunk.rowCount }, (_, index) => eventOrError(row.seek(index)));
  }
}

function eventOrError(row: ColumnRow): MarketEvent | TapeError {
  try {
    return eventOfRow(row);
  } catch (error) {
    if (error instanceof TapeError) return error;
    throw error;
  }
}

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

async function query(
  connection: DuckDBConnection,
  path: string,
  selection: Selection,
): Promise<{ readonly sql: string; readonly empty: ReadonlySet<string> }> {
  const { symbols, channels, from, to } = selection;
  const wanted = [
    ...(symbols === undefined ? [] : [oneOf('symbol', symbols)]),
    ...(channels === undefined ? [] : [oneOf('kind', channels)]),
    ...(from === undefined ? [] : [`"at" >= ${from}`]),
    ...(to === undefined ? [] : [`"at" < ${to}`]),
  ];
  const where = wanted.length === 0 ? '' : ` WHERE ${wanted.join(' AND ')}`;
  const rows = `FROM read_parquet(${quoted(path)})${where}`;
  const held = await columnsOf(connection, path);
  const dictionaries = await dictionariesOf(connection, rows, held);
  const selected = Object.keys(columns).map((column) => {
    const words = dictionaries.get(column);
    const value = held.has(column) ? valueOf(column) : 'NULL::VARCHAR';
    return words === undefined ? value : `(${value})::ENUM(${words.map(quoted).join(', ')})`;
  });
  return { sql: `SELECT ${selected.join(', ')} ${rows}`, empty: await emptyColumns(connection, rows, held) };
}

async function emptyColumns(
  connection: DuckDBConnection,
  rows: string,
  held: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const counts = rare.map((column) => (held.has(column) ? `count(${named(column)})::INTEGER` : '0'));
  const reader = await connection.runAndReadAll(`SELECT ${counts.join(', ')} ${rows}`);
  const [found = []] = reader.getRows();
  return new Set(rare.filter((_, index) => found[index] === 0));
}

async function columnsOf(connection: DuckDBConnection, path: string): Promise<ReadonlySet<string>> {
  const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet(${quoted(path)})`);
  return new Set([...indispensable, ...reader.getRows().map(([column]) => String(column))]);
}

/** The casts make a foreign Parquet file fail here, by name, and not as a wrong value later. */
function valueOf(column: string): string {
  const type = types.get(column) ?? 'VARCHAR';
  return isNested(type) ? `to_json(${named(column)}::${type})::VARCHAR` : `${named(column)}::${type}`;
}

/**
 * The few different texts of the columns that repeat themselves. As an ENUM each text crosses from DuckDB once and its
 * rows as numbers, which makes reading several times faster.
 */
async function dictionariesOf(
  connection: DuckDBConnection,
  rows: string,
  held: ReadonlySet<string>,
): Promise<Map<string, readonly string[]>> {
  const sought = repetitive.filter((column) => held.has(column));
  const lists = sought.map((column) => `to_json(list(DISTINCT ${valueOf(column)}))::VARCHAR`);
  const reader = await connection.runAndReadAll(`SELECT ${lists.join(', ')} ${rows}`);
  const [found = []] = reader.getRows();
  const dictionaries = new Map<string, readonly string[]>();
  for (const [index, column] of sought.entries()) {
    const words: unknown = JSON.parse(String(found[index] ?? '[]'));
    if (!Array.isArray(words)) continue;
    const texts = words.filter((word) => typeof word === 'string');
    if (texts.length > 0 && texts.length <= dictionaryLimit) dictionaries.set(column, texts);
  }
  return dictionaries;
}

function oneOf(column: string, values: readonly string[]): string {
  return values.length === 0 ? 'false' : `${named(column)} IN (${values.map(quoted).join(', ')})`;
}

async function run<Result extends DuckDBResult | object | null>(
  path: string,
  ask: () => Promise<Result>,
): Promise<Result> {
  try {
    return await ask();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TapeError(`${path}: ${reason}; expected a Parquet tape as 'papertape tape generate' writes it`, {
      cause,
    });
  }
}

function unsorted(path: string, event: MarketEvent, previous: Nanos): TapeError {
  return new TapeError(
    `${path}: ${event.kind} of ${event.symbol}: at: ${event.at} comes after ${previous}; a tape is ordered by at, ` +
      `oldest first. Write the file again ordered by its at column, for instance with DuckDB: COPY (FROM '…' ORDER BY at) TO '…'`,
  );
}
