import { markets, type Nanos } from '../../../../market/event.ts';
import type { Selection } from '../../source.ts';
import { identifier, literal } from '../sql.ts';
import type { BoundField, BoundTable } from './bound-table.ts';
import { spanOf } from './event-maker.ts';

/** Symbols that are read by an index of each and merged; past it one sort is cheaper than so many beginnings. */
export const mostBranches = 400;

/** SQL of all cells of a row, in the order in which `rowReader` reads them. */
export function cellsOf({ at, time, symbol, market, fields }: BoundTable): string[] {
  return [
    time.cell(at),
    ...(symbol === undefined ? [] : [`${symbol}::text`]),
    ...(market === undefined ? [] : [`${market}::text`]),
    ...fields.map(cellOf),
  ];
}

function cellOf({ column, columnType, type }: BoundField): string {
  if (type === 'amount') return `${column}::float8`;
  if (type === 'whole') return `${column}::int8`;
  if (type === 'text') return `${column}::text`;
  return columnType.endsWith('[]') ? `${column}::text[]` : `string_to_array(${column}::text, ',')`;
}

/**
 * The rows of a selection, oldest first, always in the same order. With an index of symbols and times only, the symbols to read
 * must be named: each is read by the index, and PostgreSQL merges them.
 */
export function rowsOf(table: BoundTable, selection: Selection): string {
  const { at, symbol, relation, index } = table;
  const raw = rawColumns(table);
  // Qualified, because a bare name would mean the cell and its cast, which no index knows. Ties go by all that is read.
  const order = [...new Set([at, ...relation.key.map(identifier), ...raw])].map((column) => `r.${column}`).join(', ');
  const inner = [...new Set([...raw, ...relation.key.map(identifier)])].join(', ');
  const cells = cellsOf(table).join(', ');
  const { symbols } = selection;
  const branched = symbol !== undefined && index.bySymbol && symbols !== undefined && symbols.length <= mostBranches;
  if (!branched || symbols.length === 0) {
    return `SELECT ${cells} FROM ${relation.name} AS r ${whereOf(table, selection)} ORDER BY ${order}`;
  }
  const branches = [...new Set(symbols)].map(
    (one) =>
      `(SELECT ${inner} FROM ${relation.name} ${whereOf(table, { ...selection, symbols: [one] })} ORDER BY ${at})`,
  );
  return `SELECT ${cells} FROM (${branches.join(' UNION ALL ')}) AS r ORDER BY ${order}`;
}

/** All symbols of the table, one look into its index each; one more than can be read by branches says that they are too many. */
export function symbolsQuery({ symbol = '', relation }: BoundTable): string {
  const least = (above: string): string => `SELECT min(${symbol}) AS one FROM ${relation.name} ${above}`;
  return `WITH RECURSIVE known AS (
    (${least('')}) UNION ALL SELECT (${least(`WHERE ${symbol} > known.one`)}) FROM known WHERE known.one IS NOT NULL
  ) SELECT one::text AS symbol FROM known WHERE one IS NOT NULL LIMIT ${mostBranches + 1}`;
}

function rawColumns({ at, symbol, market, fields }: BoundTable): string[] {
  const columns = [at, symbol, market, ...fields.map(({ column }) => column)];
  return [...new Set(columns.filter((column) => column !== undefined))];
}

/** The condition that pushes a selection down. Lets out no row that is wanted; the reader makes the exact cut in time. */
export function whereOf(table: BoundTable, { symbols, from, to }: Selection): string {
  const { at, time, symbol, mapping } = table;
  const conditions: string[] = [];
  if (symbols !== undefined && symbol !== undefined) conditions.push(oneOf(symbol, symbols));
  for (const [column, value] of Object.entries(mapping.where ?? {})) {
    const values = Array.isArray(value) ? value : [value];
    conditions.push(oneOf(identifier(column), values.map(String)));
  }
  const late = lateness(table);
  if (from !== undefined) conditions.push(time.after(at, from - late));
  if (to !== undefined) conditions.push(time.before(at, to - late));
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}

/** How long after the time of its row an event is published: a bar labelled by its start plays at its end. */
export const lateness = ({ mapping }: Pick<BoundTable, 'mapping'>): Nanos =>
  mapping.label === 'start' ? spanOf(mapping) : 0n;

/** SQL that is true of a row that can be played. `rowReader` says the same of a row, and why not. */
export function soundness({ at, time, symbol, market, fields }: BoundTable): string {
  const most = String(Number.MAX_VALUE);
  const conditions = fields.flatMap(({ type, use, column }) => {
    if (type !== 'amount') return [];
    const sound = `${column}::float8 BETWEEN 0 AND ${literal(most)}::float8`;
    return use === 'needed' ? [`(${sound})`] : [`(${column} IS NULL OR ${sound})`];
  });
  if (symbol !== undefined) conditions.push(`(${symbol}::text <> '')`);
  if (market !== undefined) conditions.push(oneOf(`${market}::text`, markets));
  return `((${[time.sound(at), ...conditions].join(' AND ')}) IS TRUE)`;
}

function oneOf(column: string, values: readonly string[]): string {
  // A NUL cannot occur in a PostgreSQL text, so such a value matches nothing, and in a query it would end the text.
  const possible = values.filter((value) => !value.includes('\0'));
  return possible.length === 0 ? 'false' : `${column} IN (${possible.map(literal).join(', ')})`;
}
