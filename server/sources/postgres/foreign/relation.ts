import type { Client } from 'pg';
import { z } from 'zod';
import { TapeError } from '../../source.ts';
import { identifier, literal } from '../sql.ts';

/** A table or view as the database itself describes it. */
export interface Relation {
  /** Quoted, with its schema when the mapping gave one. */
  readonly name: string;
  /** Type of every column, by the column's name, spelled as PostgreSQL does without length or precision. */
  readonly columns: ReadonlyMap<string, string>;
  /** Columns of the primary key; empty without one. */
  readonly key: readonly string[];
  /** Columns of every index that covers the whole table and can give its rows in order (a BRIN cannot). */
  readonly indexes: readonly (readonly string[])[];
}

const names = z.array(z.string());
const described = z.object({
  columns: z.array(z.tuple([z.string(), z.string()])),
  indexes: z.array(z.object({ primary: z.boolean(), columns: names })),
});

/** Asks the catalogue for a table. Throws a `TapeError` that lists the tables there are when it does not exist. */
export async function relationOf(client: Client, table: string): Promise<Relation> {
  const name = table.split('.').map(identifier).join('.');
  const target = `to_regclass(${literal(name)})`;
  const { rows } = await client.query<Record<string, unknown>>(
    `SELECT ${target} IS NOT NULL AS found,
       (SELECT coalesce(json_agg(json_build_array(attname, format_type(atttypid, NULL)) ORDER BY attnum), '[]')
        FROM pg_attribute WHERE attrelid = ${target} AND attnum > 0 AND NOT attisdropped) AS columns,
       (SELECT coalesce(json_agg(json_build_object('primary', indisprimary, 'columns', (
          SELECT json_agg(attname ORDER BY place) FROM unnest(indkey) WITH ORDINALITY AS part (number, place)
          JOIN pg_attribute ON attrelid = indrelid AND attnum = part.number WHERE place <= indnkeyatts
        ))), '[]') FROM pg_index JOIN pg_class AS of_index ON of_index.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
        WHERE indrelid = ${target} AND indisvalid AND indpred IS NULL AND indexprs IS NULL AND amname = 'btree') AS indexes`,
  );
  if (rows[0]?.['found'] !== true) throw new TapeError(await missing(client, table));
  const { columns, indexes } = described.parse(rows[0]);
  return {
    name,
    columns: new Map(columns),
    key: indexes.find(({ primary }) => primary)?.columns ?? [],
    indexes: indexes.map((index) => index.columns),
  };
}

const shown = 40;

async function missing(client: Client, table: string): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT CASE WHEN pg_table_is_visible(c.oid) THEN relname ELSE nspname || '.' || relname END AS name
     FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relispartition
       AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
     ORDER BY 1 LIMIT ${shown}`,
  );
  const there = rows.map((row) => row.name).join(', ');
  return `There is no table ${JSON.stringify(table)}; ${there === '' ? 'there are none that this user may see' : `there are ${there}`}`;
}

/** The columns of a table, for an error that says which names are possible. */
export function columnsOf({ name, columns }: Relation): string {
  return `${name.replaceAll('"', '')} has ${[...columns].map(([column, type]) => `${column} (${type})`).join(', ')}`;
}
