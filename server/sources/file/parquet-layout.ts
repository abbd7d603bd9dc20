import type { DuckDBConnection } from '@duckdb/node-api';
import type { Selection } from '../source.ts';
import { absent } from './column-row.ts';
import { columns, fieldNames, indispensable, isNested } from './columns.ts';
import { named, quoted } from './duckdb.ts';

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
const types: ReadonlyMap<string, string> = new Map(Object.entries(columns));

/** How the columns of one Parquet tape are best read. Right as long as the file stays as it is. */
export interface Layout {
  /** The columns that hold something, and not the same in every row. One that crosses in two forms comes twice. */
  readonly columns: readonly string[];
  /** SQL of each of them. */
  readonly values: readonly string[];
  /** The columns that say the same in every row, and what. They need not be read. */
  readonly constants: ReadonlyMap<string, string>;
}

/** Looks once at what a file holds. Throws what DuckDB throws when it is no tape. */
export async function layoutOf(connection: DuckDBConnection, path: string): Promise<Layout> {
  const { empty, full } = await fillOf(connection, path);
  const known = await columnsOf(connection, path);
  const held = fieldNames.filter((name) => indispensable.includes(name) || (known.has(name) && !empty.has(name)));
  const dictionaries = await dictionariesOf(connection, path, held);
  const constants = new Map<string, string>();
  for (const [column, [only, ...others]] of dictionaries) {
    if (only !== undefined && others.length === 0 && full.has(column)) constants.set(column, only);
  }
  const forms = held
    .filter((column) => !constants.has(column))
    .flatMap((column) => formsOf(column, dictionaries.get(column)).map((value) => ({ column, value })));
  return { columns: forms.map(({ column }) => column), values: forms.map(({ value }) => value), constants };
}

/** The rows of a selection. Symbols, kinds and range are pushed down, so row groups without them are not read. */
export function rowsOf({ values }: Layout, path: string, { symbols, channels, from, to }: Selection): string {
  const wanted = [
    ...(symbols === undefined ? [] : [oneOf('symbol', symbols)]),
    ...(channels === undefined ? [] : [oneOf('kind', channels)]),
    ...(from === undefined ? [] : [`"at" >= ${from}`]),
    ...(to === undefined ? [] : [`"at" < ${to}`]),
  ];
  const where = wanted.length === 0 ? '' : ` WHERE ${wanted.join(' AND ')}`;
  return `SELECT ${values.join(', ')} FROM read_parquet(${quoted(path)})${where}`;
}

async function columnsOf(connection: DuckDBConnection, path: string): Promise<ReadonlySet<string>> {
  const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet(${quoted(path)})`);
  return new Set(reader.getRows().map(([column]) => String(column)));
}

/** What no row has, and what every row has, as the file's own statistics tell without a look at the rows. */
async function fillOf(
  connection: DuckDBConnection,
  path: string,
): Promise<{ readonly empty: ReadonlySet<string>; readonly full: ReadonlySet<string> }> {
  const reader = await connection.runAndReadAll(
    `SELECT path_in_schema, sum(num_values) = sum(coalesce(stats_null_count, 0)), sum(coalesce(stats_null_count, num_values)) = 0
     FROM parquet_metadata(${quoted(path)}) GROUP BY path_in_schema`,
  );
  const rows = reader.getRows();
  const those = (which: 1 | 2): ReadonlySet<string> =>
    new Set(rows.filter((row) => row[which] === true).map(([column]) => String(column)));
  return { empty: those(1), full: those(2) };
}

/** The casts make a foreign Parquet file fail here, by name, and not as a wrong value later. */
function valueOf(column: string): string {
  const type = types.get(column) ?? 'VARCHAR';
  return isNested(type) ? `to_json(${named(column)}::${type})::VARCHAR` : `${named(column)}::${type}`;
}

/** What takes the place of NULL, by the type of the column; texts, lists and structs have a text. */
const standIns: ReadonlyMap<string, string> = new Map([
  ['DOUBLE', "'NaN'::DOUBLE"],
  ['BIGINT', `(${absent.nanos})::BIGINT`],
  ['BOOLEAN', 'NULL::BOOLEAN'],
]);

function withoutNulls(column: string): string {
  const standIn = standIns.get(types.get(column) ?? '') ?? quoted(absent.text);
  return `coalesce(${valueOf(column)}, ${standIn})`;
}

/** How a column crosses from DuckDB: in one form, or each of its values in one of two. */
function formsOf(column: string, words: readonly string[] | undefined): readonly string[] {
  const value = withoutNulls(column);
  if (words !== undefined) return [`(${value})::ENUM(${[absent.text, ...words].map(quoted).join(', ')})`];
  if (column !== 'id') return [value];
  // Most ids are numbers, and a text past twelve bytes costs more than all the rest of its row.
  const number = `TRY_CAST(${valueOf(column)} AS BIGINT)`;
  const isNumber = `${number} >= 0 AND ${number}::VARCHAR = ${valueOf(column)}`;
  return [
    `CASE WHEN ${isNumber} THEN ${number} ELSE ${standIns.get('BIGINT')} END`,
    `CASE WHEN ${isNumber} THEN ${quoted(absent.text)} ELSE ${value} END`,
  ];
}

/**
 * The few different texts of the columns that repeat themselves. As an ENUM each text crosses from DuckDB once and its
 * rows as numbers, which makes reading several times faster.
 */
async function dictionariesOf(
  connection: DuckDBConnection,
  path: string,
  held: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const dictionaries = new Map<string, readonly string[]>();
  for (const column of repetitive.filter((name) => held.includes(name))) {
    const reader = await connection.runAndReadAll(
      `SELECT DISTINCT ${valueOf(column)} AS word FROM (${differentOf(column, path)}) WHERE word IS NOT NULL
       ORDER BY word LIMIT ${dictionaryLimit + 1}`,
    );
    const words = reader.getRows().map(([word]) => String(word));
    if (words.length > 0 && words.length <= dictionaryLimit) dictionaries.set(column, words);
  }
  return dictionaries;
}

/** Every value of a column once. Lists are told apart by their hashes, which is three times faster than by themselves. */
function differentOf(column: string, path: string): string {
  const [name, rows] = [named(column), `read_parquet(${quoted(path)})`];
  const isList = isNested(types.get(column) ?? '');
  return isList
    ? `SELECT any_value(${name}) AS ${name} FROM ${rows} GROUP BY hash(${name})`
    : `SELECT DISTINCT ${name} FROM ${rows}`;
}

/** The condition that a column has one of these values. */
export function oneOf(column: string, values: readonly string[]): string {
  return values.length === 0 ? 'false' : `${named(column)} IN (${values.map(quoted).join(', ')})`;
}
