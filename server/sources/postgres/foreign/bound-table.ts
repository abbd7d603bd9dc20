import { TapeError } from '../../source.ts';
import { identifier } from '../sql.ts';
import { fieldsOf, usualColumn, type Field, type FieldName } from './fields.ts';
import type { Mapping } from './mapping.ts';
import { columnsOf, type Relation } from './relation.ts';
import { timeColumnOf, type TimeColumn } from './time-column.ts';

/** A field and the quoted column that holds it. */
export interface BoundField extends Field {
  readonly column: string;
  readonly columnType: string;
}

/** A mapping after it has met its table: every column is there and of a type that can be read. Column names are quoted. */
export interface BoundTable {
  readonly mapping: Mapping;
  readonly relation: Relation;
  readonly at: string;
  readonly time: TimeColumn;
  /** `undefined` when the mapping names one symbol for all rows. */
  readonly symbol: string | undefined;
  readonly market: string | undefined;
  readonly fields: readonly BoundField[];
  /** Is there an index that begins with the time? With symbol and time? */
  readonly index: { readonly byTime: boolean; readonly bySymbol: boolean };
}

const numeric = /^(?:smallint|integer|bigint|numeric|real|double precision)$/;

/** Looks up the columns of a mapping. Throws a `TapeError` that lists the columns there are when one is missing. */
export function bind(mapping: Mapping, relation: Relation): BoundTable {
  const { columns: named, kind } = mapping;
  const existing = (column: string, role: string): string => {
    if (relation.columns.has(column)) return column;
    throw new TapeError(
      `${mapping.table} has no column ${JSON.stringify(column)} to be ${role}; ` +
        `name it in columns: { ${role}: … }. ${columnsOf(relation)}`,
    );
  };
  const at = existing(named.at ?? 'timestamp', 'at');
  const symbol = mapping.symbol === undefined ? existing(named.symbol ?? 'symbol', 'symbol') : undefined;
  const market = named.market === undefined ? undefined : existing(named.market, 'market');
  for (const column of Object.keys(mapping.where ?? {})) {
    if (!relation.columns.has(column)) {
      throw new TapeError(`where: ${mapping.table} has no column ${JSON.stringify(column)}. ${columnsOf(relation)}`);
    }
  }
  const given: Readonly<Partial<Record<FieldName, string | undefined>>> = named;
  const fields = fieldsOf(kind).flatMap((field): BoundField[] => {
    const column = given[field.name] ?? usualColumn(field.name);
    const wanted = given[field.name] !== undefined || field.use === 'needed';
    if (!wanted && (field.use === 'named' || !relation.columns.has(column))) return [];
    const type = relation.columns.get(existing(column, field.name)) ?? '';
    if ((field.type === 'amount' || field.type === 'whole') && !numeric.test(type)) {
      throw new TapeError(
        `${mapping.table}.${column} is a ${type}, and ${field.name} must be a number; ` +
          `name another column or make a view. ${columnsOf(relation)}`,
      );
    }
    return [{ ...field, column: identifier(column), columnType: type }];
  });
  const leads = (...columns: (string | undefined)[]): boolean =>
    relation.indexes.some((index) => columns.every((column, place) => index[place] === column));
  return {
    mapping,
    relation,
    at: identifier(at),
    time: timeColumnOf(relation, at, mapping),
    symbol: symbol === undefined ? undefined : identifier(symbol),
    market: market === undefined ? undefined : identifier(market),
    fields,
    index: { byTime: leads(at), bySymbol: symbol !== undefined && leads(symbol, at) },
  };
}
