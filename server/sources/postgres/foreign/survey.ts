import type { Client } from 'pg';
import { z } from 'zod';
import { markets } from '../../../../market/event.ts';
import { TapeError, type Holding } from '../../source.ts';
import { lateness, soundness, whereOf } from './query.ts';
import type { BoundTable } from './bound-table.ts';

const group = z.object({
  symbol: z.string(),
  market: z.enum(markets),
  events: z.coerce.number(),
  from: z.coerce.bigint(),
  to: z.coerce.bigint(),
});
const counted = z.object({ bad: z.coerce.number(), example: z.string().nullable() });

/** What a mapped table holds, and what of it cannot be played. */
export interface MappedSurvey {
  readonly holdings: readonly Holding[];
  /** Tells how many rows are no events and shows one; `undefined` when all are. */
  readonly bad: string | undefined;
}

/** Counts a mapped table by one pass over it. Throws a `TapeError` on bad rows unless the mapping leaves them out. */
export async function surveyOf(
  client: Client,
  table: BoundTable,
  symbols: readonly string[] | undefined,
): Promise<MappedSurvey> {
  const { mapping, relation, time, at } = table;
  const { kind, badRows } = mapping;
  const symbol = table.symbol === undefined ? 'NULL' : `${table.symbol}::text`;
  const market = table.market === undefined ? 'NULL' : `${table.market}::text`;
  const where = whereOf(table, { symbols });
  const { rows } = await client.query<Record<string, unknown>>(
    `SELECT symbol, market, sum(events) AS events, sum(bad) AS bad, ${time.nanos('min(first)')} AS from,
       ${time.nanos('max(last)')} AS to
     FROM (
       SELECT symbol, market, count(*) FILTER (WHERE sound) AS events, count(*) FILTER (WHERE NOT sound) AS bad,
         min(at) FILTER (WHERE sound) AS first, max(at) FILTER (WHERE sound) AS last
       FROM (SELECT ${symbol} AS symbol, ${market} AS market, ${at} AS at, ${soundness(table)} AS sound
             FROM ${relation.name} ${where}) AS read
       GROUP BY 1, 2
     ) AS groups GROUP BY symbol, market ORDER BY symbol, market`,
  );
  const bad = rows.reduce((sum, row) => sum + Number(row['bad']), 0);
  const report = bad === 0 ? undefined : await badRowsOf(client, table, where, bad);
  if (report !== undefined && badRows === 'refuse') {
    throw new TapeError(`${report}; correct them, or leave them out with badRows: skip`);
  }
  const late = lateness(table);
  const holdings = rows
    .filter((row) => Number(row['events']) > 0)
    .map((row): Holding => {
      const held = group.parse({
        ...row,
        symbol: row['symbol'] ?? mapping.symbol,
        market: row['market'] ?? mapping.market,
      });
      const [from, to] = [time.moment(held.from), time.moment(held.to)];
      return {
        symbol: held.symbol,
        market: held.market,
        channel: kind,
        events: held.events,
        from: from.at + late,
        to: to.at + (to.again ?? 0n) + late,
      };
    });
  return { holdings, bad: report };
}

async function badRowsOf(client: Client, table: BoundTable, where: string, bad: number): Promise<string> {
  const { mapping, relation } = table;
  const condition = `${where === '' ? 'WHERE' : `${where} AND`} NOT ${soundness(table)}`;
  const { rows } = await client.query(
    `SELECT ${bad} AS bad, (SELECT row_to_json(one)::text FROM ${relation.name} AS one ${condition} LIMIT 1) AS example`,
  );
  const { example } = counted.parse(rows[0]);
  const number = bad.toLocaleString('en-US');
  return `${mapping.table} has ${number} ${bad === 1 ? 'row that is no' : 'rows that are no'} ${mapping.kind}, such as ${example ?? 'one since gone'}`;
}
