import { channels, markets } from '../../../market/event.ts';
import { z } from 'zod';
import type { Client } from 'pg';
import { TapeError, type Holding } from '../source.ts';
import { tables, timeframes, whereOf, type Table, type Wanted } from './sql.ts';

const micros = (expression: string): string => `(extract(epoch FROM ${expression}) * 1000000)::bigint::text`;

/** When a bar's bucket ended, less its span, plus how long it took to publish it, in nanoseconds. */
const published = `((extract(epoch FROM "timestamp") * 1000000)::bigint * 1000 + coalesce(delay_ns, 0))`;

const group = z.object({
  symbol: z.string(),
  market: z.enum(markets),
  channel: z.enum(channels),
  events: z.coerce.number(),
  from: z.coerce.bigint(),
  to: z.coerce.bigint(),
  from_nanos: z.coerce.bigint(),
  to_nanos: z.coerce.bigint(),
});

/** What one table holds of the rows wanted, by one aggregate. */
export async function holdingsOf(client: Client, table: Table, wanted: Wanted): Promise<Holding[]> {
  const { channel, span } = timeframes[wanted.timeframe];
  const { rows } = await client.query(
    table === 'market_data'
      ? `SELECT symbol, market, '${channel}' AS channel, count(*) AS events, 0 AS from, 0 AS to, min(${published})::text AS from_nanos,
           max(${published})::text AS to_nanos
         FROM market_data ${whereOf(table, wanted)} GROUP BY symbol, market ORDER BY symbol, market`
      : `WITH held AS (
           SELECT symbol, market, channel, count(*) AS events, min("timestamp") AS first, max("timestamp") AS last
           FROM websocket_data ${whereOf(table, wanted)} GROUP BY symbol, market, channel
         )
         SELECT symbol, market, channel, events, ${micros('first')} AS from, ${micros('last')} AS to,
           ${edge('min', 'first', wanted)} AS from_nanos, ${edge('max', 'last', wanted)} AS to_nanos
         FROM held ORDER BY symbol, market, channel`,
  );
  return rows.map((row): Holding => {
    const read = group.safeParse(row);
    if (!read.success) throw new TapeError(`${table} holds rows that cannot be played: ${z.prettifyError(read.error)}`);
    const { symbol, market, events, from, to, from_nanos, to_nanos } = read.data;
    const late = table === 'market_data' ? span : 0n;
    return {
      symbol,
      market,
      channel: read.data.channel,
      events,
      from: from * 1000n + from_nanos + late,
      to: to * 1000n + to_nanos + late,
    };
  });
}

// The nanoseconds of a group's first or last microsecond: a look into the index, not another pass.
function edge(side: 'min' | 'max', column: 'first' | 'last', { dataSource }: Wanted): string {
  const where = whereOf('websocket_data', { ...nothing, dataSource });
  return `(SELECT ${side}(w.nanos) FROM (SELECT * FROM websocket_data ${where}) w WHERE w.symbol = held.symbol
    AND w."timestamp" = held.${column} AND w.channel = held.channel AND w.market = held.market)`;
}
const nothing: Wanted = {
  symbols: undefined,
  channels: undefined,
  from: undefined,
  to: undefined,
  dataSource: undefined,
  timeframe: '1m',
};

/** Which of the tables asked for exist and hold such rows. Throws when none exists. */
export async function tablesWithRows(client: Client, asked: readonly Table[], wanted: Wanted): Promise<Table[]> {
  const { rows } = await client.query<Record<Table, boolean>>(
    `SELECT ${tables.map((table) => `to_regclass('${table}') IS NOT NULL AS ${table}`).join(', ')}`,
  );
  const present = asked.filter((table) => rows[0]?.[table]);
  const missing = asked.filter((table) => !rows[0]?.[table]);
  // Asked for both, one is enough: the other may never have been made.
  if (present.length === 0) {
    throw new TapeError(
      `There is no table ${missing.join(' and no table ')}. Create it with \`papertape db migrate\`.`,
    );
  }
  const filled: Table[] = [];
  for (const table of present) {
    const { rowCount } = await client.query(`SELECT FROM ${table} ${whereOf(table, wanted)} LIMIT 1`);
    if (rowCount === 1) filled.push(table);
  }
  return filled;
}
